package mutate

// signs are what the readers of texts, YAML, drawings and captions stumbled over, here or elsewhere.
var signs = []string{
	// YAML
	"---\n", "...\n", "- ", "- - ", "? ", ": ", ":\n", "#", " #", "&a ", "*a", "!!binary ", "!x ", "%YAML 1.1\n", "|\n", ">-\n", "|+2\n", "\"", "'", "''", "\\x", "\"\\u12", "[", "]", "{", "}", ",", "~", "null",
	"no", "012", "1e309", ".nan", "<<: *a\n", "@", "`", "\t", "title: ", "id: ", "- ask: ", "  right: true\n", "  wrong:\n", "answer: |2\n", "lang: hi\n", "draft: maybe\n",
	// Markdown
	"```", "````quiz\n", "```quiz\n- ask: A?\n  right: true\n```\n", "~~~", ":::", ":::activity{title=\"a\n", "::::::\n", "# ", "## A {#a}\n", "{#a .b c=d}", "> ", "1. ", "* ", "***", "\\", "$x$", "$$\n", "| a | b |\n| --- |\n",
	"[^1]", "[^1]: ", "[a]: b\n", "[a](", "![", "](<", "<!--", "-->", "<script>", "</script>", "<![CDATA[", "<?", "&#x0;", "&#106;", "&amp", "https://x.example/", "javascript:", "JaVa\tScRiPt:", "data:text/html,", "%2e%2e/", "../../", "{x +1}",
	// drawings, captions
	"<svg onload=x>", "<use href=\"#a\"/>", "xlink:href=\"//x\"", "<!ENTITY a \"&a;&a;\">", "<!DOCTYPE x [", "url(//x)", "style=\"", "WEBVTT\n\n", "00:00.000 --> ", "99:99:99.999 --> 00:00.000\n",
	// records
	"{\"id\":", "\"id\":\"\",", "1e400", "\\ud800", "[[", "null,",
	// letters that are not what they look like
	"\u0085", "\u2028", "\u2029", "\ufeff", "\u202e", "\u2066", "\u2069", "\u200d", "\u200c", "\u200b", "\u00a0", "\u00ad", "\u0301", "\u094d", "क्\u200dष", "\u0958", "\u0915\u093c", "İ", "ß", "\U000e0001", "\U0010ffff",
	// what is no text
	"\x00", "\x01", "\x0b", "\x1b", "\x7f", "\xff", "\xc0\xaf", "\xe0\xa4", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xfe\xff", "\r", "\r\n", "\n",
}

// pairs open and close something that may stand in itself.
var pairs = [][2]string{
	{"[", "]"}, {"{a: ", "}"}, {"- ", ""}, {"  ", ""}, {"> ", ""}, {"*", "*"}, {"**", "**"}, {"_a", "a_"}, {"~~", "~~"}, {"(", ")"}, {"[a](", ")"}, {"![", "](b)"}, {"<g>", "</g>"}, {"<b>", "</b>"},
	{":::note\n", ":::\n"}, {"```\n", "```\n"}, {"`", "`"}, {"\"", "\""}, {"[^", "]"}, {"{\"a\":", "}"}, {"1. ", ""}, {"\t", ""}, {"a:\n", ""}, {"&a [*a,", "]"}, {"|", "|\n"}, {"$", "$"}, {"\u202e", "\u202c"},
}
