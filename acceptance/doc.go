// Package acceptance judges the built sample site from outside, as those who receive it do: a browser, a screen reader's
// rules, a validator, a web server, a slow line, somebody who has only a keyboard.
//
// In goes the sample course of this repository, built once by the real command line; out come verdicts. No test here looks
// into a package of ours: what a page is, is read off the page. The promises of the product stand in the tests' names.
//
// It needs Chromium, nginx, Java and the npm packages of package.json (`make setup`). Nothing here reaches a network.
package acceptance
