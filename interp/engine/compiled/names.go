package compiled

import (
	"bytes"
	"debug/elf"
	"regexp"
	"unicode/utf8"

	"github.com/gobraid/gobraid/interp/lower"
)

// The compiler names types by the package they are declared in: its name, and where a type is the
// argument of a generic one, its import path. In a Go program both would be "main". The linked plugin
// is therefore changed where such names are stored, in place, each only ever getting shorter:
//
//	"*maim.box[maim.cell/0123456789abcdef0123.point]"    the name of a type: "*main.box[main.point]"
//	"maim.cell/0123456789abcdef0123"                     the path of a type's package: "main"
//	"maim.cell/0123456789abcdef0123.Ʞf"                  the name of a function: "main.f"
//
//	"Ʞarea"                                                 the name of a method: "area"
//
// The runtime finds types by hashes and offsets, which stay as they are, and by searching lists that
// the linker sorted: so the names that are replaced sort where the new ones do. (The types of two
// cells as arguments of one generic type may change places; reflect then makes a type anew that it
// would have found.) The symbols that the dynamic linker works with are elsewhere.

// cellPath is the import path of a cell.
var cellPath = regexp.MustCompile(`maim\.cell/[0-9a-f]{20}`)

// methodName is the name of a method that the lowering has exported.
var methodName = regexp.MustCompile(`^` + lower.Prefix + `[\pL_][\pL\pN_]*$`)

// renameTypes gives the names stored in the plugin's file image the names a Go program would have. It
// does so in ELF files; in others only the package name is replaced, which is as long as "main".
func renameTypes(b []byte) {
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		replaceAll(b, lower.PackageName+".", "main.")
		return
	}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Offset+s.FileSize > uint64(len(b)) {
			continue
		}
		data := b[s.Offset : s.Offset+s.FileSize]
		switch s.Name {
		case ".gopclntab", ".data.rel.ro.gopclntab":
			renameFunctions(data)
		case ".rodata", ".data.rel.ro", ".typelink", ".data.rel.ro.typelink":
			renameStored(data)
		}
	}
}

// replaceAll replaces a text by one of the same length, in place.
func replaceAll(b []byte, from, to string) {
	for i := bytes.Index(b, []byte(from)); i >= 0; {
		copy(b[i:], to)
		next := bytes.Index(b[i+len(to):], []byte(from))
		if next < 0 {
			return
		}
		i += len(to) + next
	}
}

// renameFunctions changes the function names of a symbol table, which end with a zero byte.
func renameFunctions(b []byte) {
	for at := 0; ; {
		m := cellPath.FindIndex(b[at:])
		if m == nil {
			return
		}
		start := at + bytes.LastIndexByte(b[at:at+m[0]], 0) + 1
		end := at + m[1] + max(bytes.IndexByte(b[at+m[1]:], 0), 0)
		name := cellPath.ReplaceAll(b[start:end], []byte("main"))
		name = bytes.ReplaceAll(name, []byte("."+lower.Prefix), []byte("."))
		shrink(b[start:end], name)
		at = end
	}
}

// shrink puts a shorter text in the place of another and fills up with zeros.
func shrink(place, text []byte) {
	n := copy(place, text)
	clear(place[n:])
}

// renameStored changes names of types and import paths as the runtime stores them: a byte of flags,
// the length, the text.
func renameStored(b []byte) {
	for _, mark := range [][]byte{[]byte(lower.PackageName + "."), []byte(pathPrefix), []byte(lower.Prefix)} {
		for at := 0; ; {
			i := bytes.Index(b[at:], mark)
			if i < 0 {
				break
			}
			at += i
			if head, text := storedName(b, at); text != nil {
				name := cellPath.ReplaceAll(text, []byte("main"))
				name = bytes.ReplaceAll(name, []byte(lower.PackageName+"."), []byte("main."))
				name = bytes.TrimPrefix(name, []byte(lower.Prefix))
				shrink(text, name)
				setLength(head, len(name))
			}
			at++
		}
	}
}

// longest is the longest name that is looked for.
const longest = 2000

// storedName finds the stored name that b[at] is part of: the bytes of its length and its text.
func storedName(b []byte, at int) (head, text []byte) {
	for i := at - 1; i >= 1 && at-i < longest; i-- {
		if b[i] < ' ' && b[i] != 0 && b[i-1] >= ' ' && b[i-1] < 0x80 {
			return nil, nil // no name reaches over a control character
		}
		if b[i-1] > 1 {
			continue // the flags of a type's name, and of a path, say at most that it is exported
		}
		n, size := length(b[i:])
		start := i + size
		if size == 0 || start > at || start+n <= at || start+n > len(b) {
			continue
		}
		t := b[start : start+n]
		if printable(t) && (t[0] == '*' || len(cellPath.Find(t)) == n || methodName.Match(t)) {
			return b[i:start], t
		}
	}
	return nil, nil
}

// length decodes a length of one or two bytes; size is 0 if there is none.
func length(b []byte) (n, size int) {
	if b[0] < 0x80 {
		return int(b[0]), 1
	}
	if len(b) > 1 && b[1] < 0x80 {
		return int(b[0]&0x7f) | int(b[1])<<7, 2
	}
	return 0, 0
}

// setLength encodes a length in the bytes of another.
func setLength(head []byte, n int) {
	if len(head) == 1 {
		head[0] = byte(n)
		return
	}
	head[0], head[1] = byte(n)|0x80, byte(n>>7)
}

func printable(t []byte) bool {
	for _, c := range t {
		if c < ' ' {
			return false
		}
	}
	return len(t) > 0 && utf8.Valid(t)
}
