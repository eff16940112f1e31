package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"sopan.dev/sopan/record"
)

// recordsAuth is where a credential comes from: an environment variable or a file. Never the command line, which other
// users of the machine can read, and never an address, which ends up in logs.
const recordsAuth = "SOPAN_RECORDS_AUTH"

// largestSaved is more than a browser holds of a learner.
const largestSaved = 256 << 20

type recordsCmd struct {
	Files    []string `arg:"" name:"file" help:"Files that learners saved (“Save as a file”)."`
	To       string   `required:"" placeholder:"ENDPOINT" help:"Address of the record store, as in sopan.yaml: https://lrs.example.gov.in/xapi."`
	XAPI     string   `name:"xapi" default:"1.0.3" enum:"${xapi}" placeholder:"VERSION" help:"Version of xAPI that the store has: 1.0.3, as without it, or 2.0.0."`
	AuthFile string   `placeholder:"FILE" help:"File with the store's credential in its first line: “KEY:SECRET”, or a whole header as “Bearer TOKEN”. Else the environment variable SOPAN_RECORDS_AUTH has it."`
}

func (recordsCmd) Help() string {
	return `Example: sopan records my-learning-*.json --to https://lrs.example.gov.in/xapi

A record that the store has already is not stored again, so the same files can be sent any number of times.

Exit status: 0 all are stored; 1 some were refused, or a file is none that a learner saved;
2 the command line is wrong; 3 some are left, because the store cannot be reached, is busy or lets nobody in, or a file could not be read.`
}

func (c *recordsCmd) Run(ctx context.Context, t *terminal) error {
	if err := record.CheckEndpoint(c.To); err != nil {
		return usage("--to: %v", err)
	}
	authorization, err := c.authorization()
	if err != nil {
		return err
	}
	var list []record.Unsent
	wrong, unread := false, 0
	from := map[string]string{} // id -> file
	content := map[string]string{}
	for _, file := range expanded(c.Files) {
		saved, err := readSaved(file)
		if errors.Is(err, errNotSaved) {
			fmt.Fprintf(t.err, "sopan: %s: %s\n", display(file), sentence(err.Error()))
			wrong = true
			continue
		} else if err != nil {
			// What the other files hold need not wait for this one.
			fmt.Fprintf(t.err, "sopan: %s: %s\n", display(file), sentence(unreadable(err)))
			unread++
			continue
		}
		for _, m := range saved.Shape {
			fmt.Fprintf(t.err, "sopan: %s: record %d cannot be sent: %s.\n", display(file), m.Index+1, m.Reason)
			wrong = true
		}
		all := slices.Concat(saved.Waiting, saved.SetAside)
		for _, one := range all {
			if was, known := content[one.ID]; known && was != string(one.Raw) {
				fmt.Fprintf(t.err, "sopan: %s: the record %s stands in %s with other content; that one is sent.\n", display(file), one.ID, display(from[one.ID]))
				wrong = true
			} else if !known {
				content[one.ID], from[one.ID] = string(one.Raw), file
				list = append(list, one)
			}
		}
		if !t.quiet {
			fmt.Fprintf(t.out, "%s: %s, saved %s\n", display(file), count(len(all), "record"), cmp.Or(saved.At, "at an unknown time"))
		}
	}
	sender := record.Sender{Endpoint: c.To, Authorization: authorization, Version: c.XAPI}
	if !t.quiet {
		sender.Waiting = func(reason string, wait time.Duration) {
			fmt.Fprintf(t.err, "sopan: %s. Trying again in %s.\n", reason, wait.Round(time.Second))
		}
	}
	o := sender.Deliver(ctx, list)
	for _, one := range list {
		if o.Fates[one.ID] == record.Refused {
			fmt.Fprintf(t.err, "sopan: %s: refused %s: %s\n", display(from[one.ID]), one.ID, sentence(o.Why[one.ID]))
		} else if t.verbose {
			fmt.Fprintf(t.out, "  %s %s\n", fateWords(o.Fates[one.ID]), one.ID)
		}
	}
	if !t.quiet {
		var parts []string
		for _, f := range []record.Fate{record.Stored, record.There, record.Refused, record.Left} {
			if n := o.Count(f); n > 0 || f == record.Stored {
				parts = append(parts, fmt.Sprintf("%d %s", n, fateWords(f)))
			}
		}
		fmt.Fprintln(t.out, strings.Join(parts, ", "))
	}
	switch {
	case o.Stop != nil:
		return &failure{exitMachine, fmt.Errorf("%s: %w.\n  %sRun the same command again: nothing is stored twice", c.To, o.Stop, advice(o.Stop, authorization != ""))}
	case unread > 0:
		return &failure{exitMachine, fmt.Errorf("%s could not be read. Run the same command again when that is mended: nothing is stored twice", count(unread, "file"))}
	case wrong || o.Count(record.Refused) > 0:
		return errContent
	}
	return nil
}

// advice is what to do before the command is run again.
func advice(err error, admitted bool) string {
	switch {
	case errors.Is(err, record.ErrAdmission) && admitted:
		return "Ask who runs it whether the credential is right and may write. "
	case errors.Is(err, record.ErrAdmission):
		return "Give its credential in " + recordsAuth + " or --auth-file. "
	case errors.Is(err, record.ErrStranger):
		return "Look at the address, and whether the network asks for a log-in. "
	default:
		return ""
	}
}

// unreadable is why a file cannot be opened, without the words of the system's call.
func unreadable(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "it may not be read"
	case errors.Is(err, syscall.EISDIR):
		return "it is a folder; name the files in it"
	default:
		return err.Error()
	}
}

func fateWords(f record.Fate) string {
	switch f {
	case record.Stored:
		return "stored"
	case record.There:
		return "there already"
	case record.Refused:
		return "refused"
	default:
		return "left"
	}
}

// expanded fills in * and ? where the shell has not: those of Windows hand them on.
func expanded(names []string) []string {
	var out []string
	for _, name := range names {
		if _, err := os.Lstat(name); err != nil {
			if found, err := filepath.Glob(name); err == nil && len(found) > 0 {
				out = append(out, found...)
				continue
			}
		}
		out = append(out, name)
	}
	return out
}

var errNotSaved = errors.New("not a saved file")

func readSaved(file string) (record.Saved, error) {
	f, err := os.Open(file)
	if err != nil {
		return record.Saved{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, largestSaved+1))
	if err != nil {
		return record.Saved{}, fmt.Errorf("reading %s: %w", display(file), err)
	}
	if len(b) > largestSaved {
		return record.Saved{}, fmt.Errorf("%w: it is larger than any browser keeps", errNotSaved)
	}
	s, err := record.ReadSaved(b)
	if broken := (*jsontext.SyntacticError)(nil); errors.As(err, &broken) {
		return record.Saved{}, &notSaved{errors.New("it is no file that a learner saved, or it was cut short or changed since")}
	}
	if err != nil {
		return record.Saved{}, &notSaved{err}
	}
	return s, nil
}

// notSaved is errNotSaved in the words of what is wrong.
type notSaved struct{ err error }

func (n *notSaved) Error() string        { return n.err.Error() }
func (n *notSaved) Is(target error) bool { return target == errNotSaved }

// authorization is the header that lets us in; "" for none.
func (c *recordsCmd) authorization() (string, error) {
	secret := os.Getenv(recordsAuth)
	if c.AuthFile != "" {
		b, err := os.ReadFile(c.AuthFile)
		if err != nil {
			return "", usage("--auth-file: %s: %s", display(c.AuthFile), unreadable(err))
		}
		secret, _, _ = strings.Cut(string(b), "\n")
	}
	secret = strings.TrimSpace(strings.TrimPrefix(secret, "\ufeff"))
	scheme, _, two := strings.Cut(secret, " ")
	switch {
	case secret == "":
		if c.AuthFile != "" {
			return "", usage("--auth-file: the first line of %s is empty", display(c.AuthFile))
		}
		return "", nil
	case strings.ContainsFunc(secret, func(r rune) bool { return r < ' ' || r > '~' }):
		return "", usage("the credential holds characters that no credential has")
	case two && (strings.EqualFold(scheme, "Basic") || strings.EqualFold(scheme, "Bearer")):
		return secret, nil
	case !two && strings.Contains(secret, ":"):
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(secret)), nil
	default:
		return "", usage("the credential is neither KEY:SECRET nor a header as `Basic …` or `Bearer …`")
	}
}
