package main

import (
	"regexp"
	"strings"
)

// internalDirs hold tests of the compiler's calling convention and debug information only.
var internalDirs = []string{"abi/", "dwarf/", "codegen/"}

// internalSource matches what a test of the insides of the compiler or the runtime uses: memory behind
// the language's back, the runtime's own view of stacks, memory and goroutines, compiler directives, the
// go command or itself as another process.
var internalSource = regexp.MustCompile(strings.Join([]string{
	`(?m)^(import)?[\s(]*(\w+ )?"(unsafe|runtime/\w+|os/exec|syscall|go/\w+|C|plugin)"`,
	`\bruntime\.(Caller|Callers|CallersFrames|FuncForPC|Stack|ReadMemStats|MemStats|SetFinalizer|AddCleanup|KeepAlive|` +
		`NumGoroutine|LockOSThread|MemProfile\w*|Breakpoint|Version|Compiler|NumCgoCall|SetBlockProfileRate)\b`,
	`(?m)^//go:(linkname|nosplit|norace|uintptrescapes|nowritebarrier|registerparams|systemstack|cgo_\w+)`,
}, "|"))

// internals reports whether a test is one of the insides of the compiler or the runtime.
func internals(test string, source []byte) bool {
	for _, dir := range internalDirs {
		if strings.HasPrefix(test, dir) {
			return true
		}
	}
	return internalSource.Match(source)
}
