package measure

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Frame is a call in a profile, or what stands in the place of one: a task, a wait, interpreted code.
type Frame struct {
	Func string // such as "work", "strings.(*Builder).grow", "receive"
	Cell int    // of the line, 0 if it is not a cell's
	File string // its base name, where it is no cell
	Line int    // 0 where it is not known
	Kind Kind
}

// A Kind says what a Frame stands for.
type Kind uint8

// The kinds of frames.
const (
	Code        Kind = iota // code of a cell, or of the program
	Library                 // a library
	Runtime                 // Go's runtime
	Interpreted             // the interpreter at work for a cell
	Task                    // a task: the line is that of its go statement
	Wait                    // what a task waited for
	kinds       int  = iota
)

var kindText = [kinds]string{"your code", "libraries", "Go's runtime", "the interpreter", "tasks", "waits"}

// String returns the kind in words.
func (k Kind) String() string {
	if int(k) < kinds {
		return kindText[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Place returns where the line is: "cell 3, line 5", "main.go:12", or "".
func (f Frame) Place() string {
	switch {
	case f.Cell != 0 && f.Line != 0:
		return fmt.Sprintf("cell %d, line %d", f.Cell, f.Line)
	case f.Cell != 0:
		return fmt.Sprintf("cell %d", f.Cell)
	case f.File != "":
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return ""
}

// String returns the name, and for code of a cell the place.
func (f Frame) String() string {
	if place := f.Place(); place != "" && (f.Cell != 0 || f.Kind == Code) {
		return f.Func + " · " + place
	}
	return f.Func
}

func compareFrames(a, b Frame) int {
	return cmp.Or(cmp.Compare(a.Func, b.Func), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Kind, b.Kind))
}

// key returns the frame without what does not tell frames apart in a picture: lines of libraries.
func (f Frame) key() Frame {
	if f.Kind == Library || f.Kind == Runtime {
		f.File, f.Line = "", 0
	}
	return f
}

const (
	ownPath  = "github.com/gobraid/gobraid/"
	taskPath = ownPath + "concurrency/task."
	herePath = ownPath + "concurrency/measure."
)

// frameOf describes a call of a function in a file.
func frameOf(function, file string, line int) Frame {
	f := Frame{Func: short(function), File: filepath.Base(file), Line: line}
	if cell, ok := task.ParseCellFile(file); ok {
		return Frame{Func: inCell(f.Func), Cell: cell, Line: line}
	}
	switch {
	case interpreter(function):
		f.Kind = Interpreted
	case strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "runtime/") || strings.HasPrefix(function, "internal/runtime/"), function == "gcWriteBarrier":
		f.Kind = Runtime
	case !strings.HasPrefix(function, "main."):
		f.Kind = Library
	}
	return f
}

// inCell returns the name of a function as a cell has it. The statements of a cell are in a function of their own.
func inCell(name string) string {
	name = strings.TrimPrefix(name, "main.")
	if rest, ok := strings.CutPrefix(name, "øcell"); ok {
		if name = strings.TrimPrefix(rest, "."); name == "" {
			return "the cell"
		}
	}
	return name
}

// interpreter reports whether a function is part of the interpreter.
func interpreter(function string) bool {
	return strings.HasPrefix(function, "github.com/traefik/yaegi/") || strings.HasPrefix(function, ownPath+"interp/engine/yaegi")
}

// short returns the name of a function with the last part of its package's path alone.
func short(function string) string {
	name, generic := function, ""
	if i := strings.IndexByte(name, '['); i >= 0 {
		name, generic = name[:i], name[i:]
	}
	name = path.Base(name)
	if i := strings.LastIndexByte(generic, ']'); i >= 0 {
		name += "[…]" + generic[i+1:]
	}
	return strings.ReplaceAll(name, "Ʞ", "")
}
