// Command sopan turns a folder of Markdown lessons, case studies and YAML
// quizzes into a self-contained course site, and shows it while it is written.
//
// This package reads the command line and talks to the person at the terminal:
// one file a command. What a command does is done elsewhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/simulate"
)

// Exit codes, as every command keeps them.
const (
	exitDone    = 0
	exitContent = 1 // the content has errors
	exitUsage   = 2 // the command line is wrong
	exitMachine = 3 // the machine failed: disk, permission, port
)

// version is set by the release: -ldflags "-X main.version=1.2.3".
var version = "dev"

type cli struct {
	Quiet   bool `short:"q" help:"Say only what is wrong."`
	Verbose bool `short:"v" help:"Say more: notes, a line a question."`

	Build    buildCmd    `cmd:"" help:"Build the site into a folder that any web server, LMS or USB stick can hold."`
	Serve    serveCmd    `cmd:"" help:"Preview the site in a browser; pages change as files are saved."`
	Check    checkCmd    `cmd:"" help:"Say everything that is wrong with the content, and write nothing."`
	Package  packageCmd  `cmd:"" help:"Make a zip of one course for iGOT, a learning platform or a USB stick."`
	Verify   verifyCmd   `cmd:"" help:"Compare a package or a hosted site with the list that was made with it."`
	Simulate simulateCmd `cmd:"" help:"Let learners, as files describe them, take a course, and print the records they leave."`
	New      newCmd      `cmd:"" help:"Make a new site, course, module, lesson, quiz or case study."`
	Records  recordsCmd  `cmd:"" help:"Send the records that wait in files that learners saved."`
	Schema   schemaCmd   `cmd:"" help:"Print the JSON Schema of a kind of YAML file, for an editor."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// terminal is where a command speaks.
type terminal struct {
	out, err       io.Writer
	outColor       bool
	errColor       bool
	progress       bool // err is a terminal
	quiet, verbose bool
}

// failure is an error with the exit code it deserves.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// errContent says that the content has errors, which have been printed.
var errContent = &failure{exitContent, errors.New("the content has errors")}

func usage(format string, args ...any) error {
	return &failure{exitUsage, fmt.Errorf(format, args...)}
}

func main() {
	roomy()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("sopan"),
		kong.Description("Sopan makes course sites from Markdown and YAML. Start with: sopan new site my-courses"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code; panic(exit{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"version": version, "formats": formatNames(), "platforms": strings.Join(simulate.Platforms(), ","), "xapi": strings.Join(course.XAPIVersions(), ",")},
	)
	if err != nil {
		fmt.Fprintln(stderr, "sopan:", err)
		return exitUsage
	}
	defer func() { // --help ends in the parser
		if r := recover(); r != nil {
			if _, ok := r.(exit); !ok {
				panic(r)
			}
			code = exited
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		said := err.Error()
		if missing, ok := strings.CutPrefix(said, "expected "); ok {
			said = "the command ends too early, without " + strings.Trim(missing, `"`)
		}
		fmt.Fprintf(stderr, "sopan: %s\n", sentence(said))
		fmt.Fprintln(stderr, "  Run `sopan --help` for the commands, `sopan COMMAND --help` for one of them.")
		return exitUsage
	}
	outColor, _ := terminalOf(stdout)
	errColor, tty := terminalOf(stderr)
	t := &terminal{out: stdout, err: stderr, outColor: outColor, errColor: errColor, progress: tty, quiet: c.Quiet, verbose: c.Verbose}
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(t)
	var f *failure
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(stderr, "sopan: stopped; nothing was changed.")
		return exitMachine
	case errors.As(err, &f):
		if f != errContent {
			fmt.Fprintln(stderr, "sopan:", sentence(f.Error()))
		}
		return f.code
	default:
		fmt.Fprintln(stderr, "sopan:", sentence(err.Error()))
		return exitMachine
	}
}

type exit struct{}

// sentence gives an error message its full stop.
func sentence(s string) string {
	s = strings.TrimRight(s, "\n")
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.Contains(s, "\n") {
		return s
	}
	return s + "."
}

// terminalOf tells whether a writer is a terminal, and whether colour is
// wanted there (https://no-color.org).
func terminalOf(w io.Writer) (color, tty bool) {
	f, ok := w.(*os.File)
	if !ok {
		return false, false
	}
	info, err := f.Stat()
	tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	return tty && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", tty
}

type versionCmd struct{}

func (versionCmd) Run(t *terminal) error {
	_, err := fmt.Fprintf(t.out, "sopan %s\n", version)
	return err
}
