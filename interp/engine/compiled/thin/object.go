package thin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errFormat is the error of a file that is not in the format this package knows.
var errFormat = errors.New("thin: an object file of an unknown format")

// magic begins an object file of the Go toolchain; the version in it has stood since Go 1.20.
const magic = "\x00go120ld"

// The blocks of an object file, in order.
const (
	blkAutolib = iota
	blkPkgIdx
	blkFile
	blkSymdef
	blkHashed64def
	blkHasheddef
	blkNonpkgdef
	blkNonpkgref
	blkRefFlags
	blkHash64
	blkHash
	blkRelocIdx
	blkAuxIdx
	blkDataIdx
	blkReloc
	blkAux
	blkData
	blkRefName
	blkEnd
	blocks
)

// Sizes and offsets in an object file.
const (
	headerSize   = len(magic) + 8 + 4 + 4*blocks
	flagsAt      = len(magic) + 8
	offsetsAt    = flagsAt + 4
	symSize      = 8 + 2 + 1 + 1 + 1 + 4 + 4
	relocSize    = 4 + 1 + 2 + 8 + 8
	relocSym     = 15
	auxSize      = 1 + 8
	refFlagsSize = 8 + 1 + 1
	refNameSize  = 8 + 8
	inlSize      = 4 * 6
	inlFunc      = 4 * 3
)

const (
	pkgIdxNone    = 1<<31 - 1 // symbols referred to by name
	pkgIdxSpecial = pkgIdxNone - 4
	pkgIdxBuiltin = pkgIdxNone - 3
	auxFuncInfo   = 1
	auxFuncData   = 2
	wrapInfo      = 7 // among a function's data: the function that it wraps
	fromAssembly  = 1 << 2
)

// An abi tells which calling convention a symbol has; data have abi0.
type abi uint16

const (
	abi0        abi = 0
	abiInternal abi = 1
)

// A ref is a reference to a symbol that is not in the object file.
type ref struct {
	name string
	abi  abi
}

// An object is an object file.
type object struct {
	b   []byte
	off [blocks]uint32
}

// An archive is an archive of the Go toolchain: the members of a file, of which some are object files.
type archive struct {
	members []member
}

type member struct {
	header []byte // 60 bytes
	text   []byte // what stands before the object file, or all of it
	object *object
}

// parseArchive reads an archive.
func parseArchive(b []byte) (*archive, error) {
	const first, size = "!<arch>\n", 60
	rest, ok := bytes.CutPrefix(b, []byte(first))
	if !ok {
		return nil, errFormat
	}
	a := &archive{}
	for len(rest) > 0 {
		if len(rest) < size {
			return nil, errFormat
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || n < 0 || len(rest) < size+n {
			return nil, errFormat
		}
		m := member{header: rest[:size], text: rest[size : size+n]}
		if head, body, ok := bytes.Cut(m.text, []byte("\n!\n")); ok && bytes.HasPrefix(head, []byte("go object ")) && bytes.HasPrefix(body, []byte(magic)) {
			if m.object, err = parseObject(body); err != nil {
				return nil, err
			}
			m.text = m.text[:len(m.text)-len(body)]
		}
		a.members = append(a.members, m)
		rest = rest[min(size+n+n%2, len(rest)):]
	}
	return a, nil
}

// bytes writes the archive.
func (a *archive) bytes() []byte {
	var out bytes.Buffer
	out.WriteString("!<arch>\n")
	for _, m := range a.members {
		n := len(m.text)
		if m.object != nil {
			n += len(m.object.b)
		}
		h := bytes.Clone(m.header)
		copy(h[48:58], fmt.Sprintf("%-10d", n))
		out.Write(h)
		out.Write(m.text)
		if m.object != nil {
			out.Write(m.object.b)
		}
		if n%2 != 0 {
			out.WriteByte(0)
		}
	}
	return out.Bytes()
}

func parseObject(b []byte) (*object, error) {
	if len(b) < headerSize {
		return nil, errFormat
	}
	o := &object{b: b}
	at := uint32(headerSize)
	for i := range o.off {
		o.off[i] = o.u32(uint32(offsetsAt + 4*i))
		if o.off[i] < at || int(o.off[i]) > len(b) {
			return nil, errFormat
		}
		at = o.off[i]
	}
	return o, nil
}

func (o *object) u32(at uint32) uint32 { return binary.LittleEndian.Uint32(o.b[at:]) }

func (o *object) put(at, x uint32) { binary.LittleEndian.PutUint32(o.b[at:], x) }

// count returns how many records of a size a block has.
func (o *object) count(block int, size uint32) uint32 {
	return (o.off[block+1] - o.off[block]) / size
}

// str reads a reference to a string.
func (o *object) str(at uint32) (string, error) {
	n, off := o.u32(at), o.u32(at+4)
	if uint64(off)+uint64(n) > uint64(len(o.b)) {
		return "", errFormat
	}
	return string(o.b[off : off+n]), nil
}

// assembly returns the names of what an object that is written in assembly defines for the convention abi0.
func (o *object) assembly() ([]string, error) {
	if o.u32(uint32(flagsAt))&fromAssembly == 0 {
		return nil, nil
	}
	var names []string
	for at := o.off[blkNonpkgdef]; at < o.off[blkNonpkgref]; at += symSize {
		if abi(binary.LittleEndian.Uint16(o.b[at+8:])) != abi0 {
			continue
		}
		name, err := o.str(at)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// hide gives all definitions but one other names.
func (o *object) hide(but string) error {
	o.b = bytes.Clone(o.b)
	hidden := map[uint32]bool{}
	for at := o.off[blkSymdef]; at < o.off[blkNonpkgref]; at += symSize {
		name, err := o.str(at)
		if err != nil {
			return err
		}
		if off := o.u32(at + 4); name != but && name != "" && !hidden[off] {
			hidden[off] = true
			o.b[off] ^= 0x20 // a letter of the other case
		}
	}
	return nil
}

// define returns a function or variable that the object defines, by its index.
func (o *object) define(i uint32) (ref, error) {
	if i >= o.count(blkSymdef, symSize) {
		return ref{}, errFormat
	}
	at := o.off[blkSymdef] + i*symSize
	name, err := o.str(at)
	return ref{name, abi(binary.LittleEndian.Uint16(o.b[at+8:]))}, err
}

// A symRef is a reference to a symbol by its index in a package.
type symRef struct{ pkg, sym uint32 }

func (o *object) symRef(at uint32) symRef { return symRef{o.u32(at), o.u32(at + 4)} }

// A finder tells what symbol of a package has an index. Those of the package "" are the functions of the runtime that
// the compiler calls.
type finder func(pkg string, index uint32) (ref, error)

// byName turns every reference to a symbol of another package by its index into one by its name, as the linker needs
// it for a package that it does not see. find tells what symbol that is. It returns all references to symbols of
// other packages.
func (o *object) byName(find finder) ([]ref, error) {
	var refs []ref
	for at := o.off[blkNonpkgref]; at < o.off[blkRefFlags]; at += symSize {
		name, err := o.str(at)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref{name, abi(binary.LittleEndian.Uint16(o.b[at+8:]))})
	}
	flags := map[symRef][]byte{}
	for at := o.off[blkRefFlags]; at < o.off[blkHash64]; at += refFlagsSize {
		flags[o.symRef(at)] = o.b[at+8 : at+10]
	}
	before := o.count(blkNonpkgdef, symSize) + uint32(len(refs)) // added ones are counted on from there
	index := map[symRef]uint32{}
	var bad error
	var added, names []byte
	o.b = bytes.Clone(o.b)
	o.forgetWrapped()
	change := func(at uint32) {
		r := o.symRef(at)
		switch {
		case r.pkg == 0 || r.pkg >= pkgIdxSpecial && r.pkg != pkgIdxBuiltin || bad != nil:
			return
		}
		to, ok := index[r]
		if !ok {
			x, err := o.resolve(r, find)
			if err != nil {
				bad = err
				return
			}
			to = before + uint32(len(index))
			index[r] = to
			refs = append(refs, x)
			var sym [symSize]byte
			binary.LittleEndian.PutUint32(sym[:], uint32(len(x.name)))
			binary.LittleEndian.PutUint32(sym[4:], uint32(len(o.b)+len(names)))
			binary.LittleEndian.PutUint16(sym[8:], uint16(x.abi))
			copy(sym[11:13], flags[r])
			added, names = append(added, sym[:]...), append(names, x.name...)
		}
		o.put(at, pkgIdxNone)
		o.put(at+4, to)
	}
	for at := o.off[blkReloc]; at < o.off[blkAux]; at += relocSize {
		change(at + relocSym)
	}
	if err := o.inlined(change); err != nil {
		return nil, err
	}
	for at := o.off[blkAux]; at < o.off[blkData]; at += auxSize {
		change(at + 1)
	}
	if bad != nil || len(index) == 0 {
		return refs, bad
	}
	o.splice(added, names)
	return refs, nil
}

// forgetWrapped takes out which functions wrappers wrap, as the compiler does for shared libraries: it is stored as a distance,
// and functions of others are at none that is known. Only execution traces lose by that: they show wrappers.
func (o *object) forgetWrapped() {
	for at := o.off[blkAuxIdx]; at+8 <= o.off[blkDataIdx]; at += 4 {
		n := 0
		for i := o.u32(at); i < o.u32(at+4); i++ {
			aux := o.off[blkAux] + i*auxSize
			if aux+auxSize > o.off[blkData] {
				return
			}
			if o.b[aux] != auxFuncData {
				continue
			}
			if n == wrapInfo {
				clear(o.b[aux+1 : aux+auxSize])
			}
			n++
		}
	}
}

// resolve tells what symbol a reference by index means.
func (o *object) resolve(r symRef, find finder) (ref, error) {
	if r.pkg == pkgIdxBuiltin {
		return find("", r.sym)
	}
	if r.pkg >= o.count(blkPkgIdx, 8) {
		return ref{}, errFormat
	}
	pkg, err := o.str(o.off[blkPkgIdx] + 8*r.pkg)
	if err != nil {
		return ref{}, err
	}
	return find(pkg, r.sym)
}

// inlined calls change with the places of the references in the trees of inlined calls.
func (o *object) inlined(change func(at uint32)) error {
	n := o.count(blkAuxIdx, 4)
	defs := [...]uint32{o.count(blkSymdef, symSize), o.count(blkHashed64def, symSize), o.count(blkHasheddef, symSize), o.count(blkNonpkgdef, symSize)}
	if n == 0 {
		return errFormat
	}
	for at := o.off[blkAux]; at < o.off[blkData]; at += auxSize {
		if o.b[at] != auxFuncInfo {
			continue
		}
		pkg, i := o.u32(at+1), o.u32(at+5)
		switch pkg { // the index among all definitions
		case pkgIdxNone - 4: // self
		case pkgIdxNone - 1: // hashed64
			i += defs[0]
		case pkgIdxNone - 2: // hashed
			i += defs[0] + defs[1]
		case pkgIdxNone:
			i += defs[0] + defs[1] + defs[2]
		default:
			return errFormat
		}
		if i+1 >= o.count(blkDataIdx, 4) {
			return errFormat
		}
		data := o.off[blkData] + o.u32(o.off[blkDataIdx]+4*i)
		end := o.off[blkData] + o.u32(o.off[blkDataIdx]+4*i+4)
		if end > o.off[blkRefName] || data+20 > end {
			return errFormat
		}
		tree := uint64(data) + 20 + 4*uint64(o.u32(data+16)) // behind the files
		if tree+4 > uint64(end) {
			return errFormat
		}
		calls := uint64(o.u32(uint32(tree)))
		if tree += 4; tree+calls*inlSize > uint64(end) {
			return errFormat
		}
		for k := range calls {
			change(uint32(tree + k*inlSize + inlFunc))
		}
	}
	return nil
}

// splice puts symbols at the end of those referred to by name, and their names at the end of the file. It takes out
// the packages that are referred to by index, and what is said of references to them.
func (o *object) splice(added, names []byte) {
	end := uint32(len(o.b))
	cuts := []struct{ from, to uint32 }{
		{o.off[blkPkgIdx] + 8, o.off[blkFile]}, // the first entry stands for none
		{o.off[blkRefFlags], o.off[blkHash64]},
		{o.off[blkRefName], o.off[blkEnd]},
	}
	// The names of the new symbols were meant for the end of the file as it was.
	var less uint32
	for _, c := range cuts {
		less += c.to - c.from
	}
	shift := uint32(len(added)) - less
	for at := 0; at < len(added); at += symSize {
		binary.LittleEndian.PutUint32(added[at+4:], binary.LittleEndian.Uint32(added[at+4:])+shift)
	}
	var out []byte
	out = append(out, o.b[:cuts[0].from]...)
	out = append(out, o.b[cuts[0].to:cuts[1].from]...)
	out = append(out, added...)
	out = append(out, o.b[cuts[1].to:cuts[2].from]...)
	out = append(out, o.b[cuts[2].to:end]...)
	out = append(out, names...)
	off := o.off
	for i := range off {
		for _, c := range cuts {
			if o.off[i] >= c.to {
				off[i] -= c.to - c.from
			}
		}
		if i > blkNonpkgref {
			off[i] += uint32(len(added))
		}
		binary.LittleEndian.PutUint32(out[offsetsAt+4*i:], off[i])
	}
	o.b, o.off = out, off
}

// A missingError is the error of a symbol that nothing loaded has.
type missingError struct{ name string }

func (e *missingError) Error() string { return "thin: nothing that is loaded has " + e.name }
