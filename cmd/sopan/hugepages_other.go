//go:build !linux

package main

// hugePages does nothing: other systems have no such advice, or follow none.
func hugePages() {}
