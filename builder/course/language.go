package course

// Language is a language that a site can be in.
type Language struct {
	Tag  string // BCP 47, with the script where two are in use
	Name string // the language's own name
	Dir  string // "ltr" or "rtl"
}

// languages are English and the 22 languages of the Eighth Schedule, the ones
// in two scripts twice.
// https://www.mha.gov.in/sites/default/files/EighthSchedule_19052017.pdf
var languages = [...]Language{
	{"en", "English", "ltr"}, {"en-IN", "English", "ltr"},
	{"as", "অসমীয়া", "ltr"}, {"bn", "বাংলা", "ltr"}, {"brx", "बर'", "ltr"}, {"doi", "डोगरी", "ltr"},
	{"gu", "ગુજરાતી", "ltr"}, {"hi", "हिन्दी", "ltr"}, {"kn", "ಕನ್ನಡ", "ltr"},
	{"ks-Arab", "کٲشُر", "rtl"}, {"ks-Deva", "कॉशुर", "ltr"}, {"kok", "कोंकणी", "ltr"}, {"mai", "मैथिली", "ltr"},
	{"ml", "മലയാളം", "ltr"}, {"mni-Mtei", "ꯃꯤꯇꯩꯂꯣꯟ", "ltr"}, {"mr", "मराठी", "ltr"}, {"ne", "नेपाली", "ltr"},
	{"or", "ଓଡ଼ିଆ", "ltr"}, {"pa", "ਪੰਜਾਬੀ", "ltr"}, {"sa", "संस्कृतम्", "ltr"}, {"sat-Olck", "ᱥᱟᱱᱛᱟᱲᱤ", "ltr"},
	{"sd-Arab", "سنڌي", "rtl"}, {"sd-Deva", "सिन्धी", "ltr"}, {"ta", "தமிழ்", "ltr"}, {"te", "తెలుగు", "ltr"}, {"ur", "اردو", "rtl"},
}

// LanguageByTag gives a known language.
func LanguageByTag(tag string) (Language, bool) {
	for _, l := range languages {
		if l.Tag == tag {
			return l, true
		}
	}
	return Language{}, false
}

func knownLanguage(tag string) bool { _, ok := LanguageByTag(tag); return ok }

func languageTags() []string {
	out := make([]string, len(languages))
	for i, l := range languages {
		out[i] = l.Tag
	}
	return out
}
