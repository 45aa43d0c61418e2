package task

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// A Site is a position in a cell: the cell in the upper 32 bits, then 20 bits of line and 12 bits of
// column. The zero Site means that the position is not known.
type Site uint64

const (
	columnBits = 12
	lineBits   = 20
)

// At returns the site of a line and column of a cell. Lines and columns that do not fit are cut to
// the largest that do.
func At(cell, line, column int) Site {
	line = min(max(line, 0), 1<<lineBits-1)
	column = min(max(column, 0), 1<<columnBits-1)
	return Site(uint64(uint32(cell))<<32 | uint64(line)<<columnBits | uint64(column))
}

// Cell returns the number of the cell.
func (s Site) Cell() int { return int(s >> 32) }

// Line returns the line in the cell, counted from 1.
func (s Site) Line() int { return int(s >> columnBits & (1<<lineBits - 1)) }

// Column returns the column in the line, counted in bytes from 1, or 0 if it is not known.
func (s Site) Column() int { return int(s & (1<<columnBits - 1)) }

// String returns the site in words, such as "cell 3 line 7".
func (s Site) String() string {
	if s == 0 {
		return "unknown position"
	}
	return fmt.Sprintf("cell %d line %d", s.Cell(), s.Line())
}

const (
	cellDir = "/gobraid.cell/"
	cellExt = ".go"
)

// CellFile returns the name of the virtual file that line directives use for cell n.
func CellFile(n int) string { return cellDir + strconv.Itoa(n) + cellExt }

// NamedCellFile is CellFile for a cell that is a file called name: the last element of the path is that
// name.
func NamedCellFile(n int, name string) string {
	return cellDir + strconv.Itoa(n) + "/" + filepath.Base(name)
}

// ParseCellFile returns the number of the cell whose virtual file is file. It reports false for any
// other file.
func ParseCellFile(file string) (n int, ok bool) {
	s, ok := strings.CutPrefix(file, cellDir)
	if !ok {
		return 0, false
	}
	number, _, named := strings.Cut(s, "/")
	if !named {
		number, ok = strings.CutSuffix(s, cellExt)
	}
	if s = number; !ok || s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Here returns the site of the innermost cell code that is calling, or what [Calling] noted, 0 when there is none. It is for
// libraries, which get no site from the lowering. It costs 0.3 to 1.5 µs inside a cell and 10 ns outside.
func Here() Site {
	if t := here(); t != nil {
		return siteAbove(t)
	}
	return 0
}

// siteAbove is Here for the task t, called by a function that the library calls.
func siteAbove(t *Task) Site {
	if t.noted {
		t.noted = false
		return t.calling
	}
	// Most libraries are called from a cell directly.
	var pcs [16]uintptr
	near := pcs[:runtime.Callers(3, pcs[:4])]
	if s := sitesOf(near); s != 0 || len(near) < 4 {
		return cmp.Or(s, t.calling)
	}
	return cmp.Or(sitesOf(pcs[:runtime.Callers(7, pcs[:])]), t.calling)
}

// sitesOf returns the site of the first of the frames that is in a cell, or 0.
func sitesOf(pcs []uintptr) Site {
	for _, pc := range pcs {
		s, ok := siteOfPC.Load(pc)
		if !ok {
			s = siteOf(pc)
			siteOfPC.Store(pc, s)
		}
		if s := s.(Site); s != 0 {
			return s
		}
	}
	return 0
}

// siteOfPC keeps what siteOf says: code stays where it is, and to look it up takes long. There are as many entries as places that
// call libraries which ask.
var siteOfPC sync.Map // from uintptr to Site

// siteOf returns the site of a frame, 0 if it is not in a cell.
func siteOf(pc uintptr) Site {
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	if n, ok := ParseCellFile(f.File); ok {
		return At(n, f.Line, 0)
	}
	return 0
}

// Calling notes where in a cell the current task calls a library from, for cells that are not on the stack because
// they are interpreted. Here returns it.
func Calling(site Site) {
	if t := current(); t != nil {
		t.calling, t.noted = site, false
	}
}

// Noted has the next call of Here on this task return what Calling noted, at once. Only who calls a function that asks Here, itself and before any code of
// a cell, may say so: to look for compiled cells among the frames of an interpreter takes some µs.
func Noted() {
	if t := current(); t != nil {
		t.noted = true
	}
}

// CallingNoted is Calling and then Noted.
func CallingNoted(site Site) {
	if t := current(); t != nil {
		t.calling, t.noted = site, true
	}
}
