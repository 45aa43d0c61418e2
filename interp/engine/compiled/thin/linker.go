package thin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// A Linker makes what plugins are linked against. Its methods may be called from several goroutines.
type Linker struct {
	host *Image
	dir  string
	id   string

	archives archives
	builtins []ref
}

// New returns a linker for plugins of this process. dir is a folder of the caller's for what it needs, cc the C
// compiler, goroot where the toolchain is. The linker must be closed.
func New(ctx context.Context, dir, cc, goroot string) (*Linker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		exe = "/proc/self/exe" // also when the file has been replaced meanwhile
	}
	return open(ctx, exe, dir, cc, goroot)
}

func open(ctx context.Context, exe, dir, cc, goroot string) (*Linker, error) {
	host, err := Open(exe)
	if err != nil {
		return nil, err
	}
	l := &Linker{host: host, dir: dir, id: shortID(host.buildID())}
	l.readBuiltins(goroot)
	if err := l.prepare(ctx, cc); err != nil {
		return nil, errors.Join(err, host.Close())
	}
	return l, nil
}

// shortID makes a part of a file name of a build id.
func shortID(id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:8])
}

// Close gives up the files that are mapped.
func (l *Linker) Close() error { return errors.Join(l.host.Close(), l.archives.close()) }

// ID tells one build of the executable from another: what is linked for one does not fit the other.
func (l *Linker) ID() string { return l.id }

// builtin is how the toolchain's sources list the functions of the runtime that the compiler calls.
var builtin = regexp.MustCompile(`(?m)^\s*\{"([^"]+)", ([01])\},$`)

// readBuiltins reads that list. Without it, only packages that were compiled for shared libraries are thin.
func (l *Linker) readBuiltins(goroot string) {
	b, err := os.ReadFile(filepath.Join(goroot, "src", "cmd", "internal", "goobj", "builtinlist.go"))
	if err != nil {
		return
	}
	for _, m := range builtin.FindAllSubmatch(b, -1) {
		l.builtins = append(l.builtins, ref{string(m[1]), abi(m[2][0] - '0')})
	}
}

// prepare checks that plugins of this executable can be thin, and compiles the symbol that the runtime compares with.
func (l *Linker) prepare(ctx context.Context, cc string) error {
	if l.id == "" || l.host.file.Type != elf.ET_EXEC && l.host.file.Type != elf.ET_DYN {
		return errors.New("thin: the executable has no build id")
	}
	if l.host.file.Machine != elf.EM_X86_64 && l.host.file.Machine != elf.EM_AARCH64 {
		return fmt.Errorf("thin: plugins of %v are not known", l.host.file.Machine)
	}
	if _, ok := l.host.lookup("runtime.lastmoduledatap"); !ok {
		return errors.New("thin: the executable does not export its symbols")
	}
	source := fmt.Sprintf(`	.section .rodata
hash:	.ascii %[2]q
	.section .data.rel.local,"aw",%%progbits
	.globl %[1]q
	.type %[1]q, %%object
	.size %[1]q, 16
	.balign 8
%[1]q:
	.8byte hash
	.8byte %[3]d
	.section .note.GNU-stack,"",%%progbits
`, hashSymbol, abiHash, len(abiHash))
	file := filepath.Join(l.dir, "abihash.s")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, cc, "-c", "-o", l.object(), file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("thin: %s: %w\n%s", cc, err, out)
	}
	return nil
}

func (l *Linker) object() string { return filepath.Join(l.dir, "abihash.o") }

// An Input is a plugin to be linked.
type Input struct {
	Archives []string          // the files of the packages that go into it
	Cells    []string          // the paths of packages that later plugins refer to, but no executable
	Loaded   []*Image          // the loaded plugins it refers to, in the order they were loaded in
	Packages map[string]string // the archives of all packages it imports, by path
	Own      []string          // the paths of packages that go into it unless the executable holds them
}

// Prepare writes into the folder work changed archives of a plugin, under the names they have, and what it is to be
// linked against. It returns lines for the linker's import configuration; the linker must be run with -linkshared and -E [First], and
// its result be given to [Finish].
func (l *Linker) Prepare(work string, in Input) (string, error) {
	j := &job{l: l, in: in, work: work, own: map[string]*archive{}}
	j.stub = newStub(l.host.file.Machine, j.lookup)
	j.strict = true
	for _, path := range in.Own {
		if j.loaded(path) {
			continue
		}
		a, err := l.archives.read(in.Packages[path])
		if err != nil {
			return "", err
		}
		j.own[path] = a
		j.queue = append(j.queue, path)
	}
	for _, file := range in.Archives {
		if err := j.change(file, filepath.Join(work, filepath.Base(file))); err != nil {
			return "", err
		}
	}
	runtime, err := j.runtime(in.Packages[runtimePath])
	if err != nil {
		return "", err
	}
	j.strict = false
	j.stub.define("runtime.mapinitnoop"+internalSuffix, elf.STT_FUNC, dataAddr, 1) // the linker asks for it
	moduledata, ok := j.lookup("type:runtime.moduledata")                          // and for its size
	if !ok {
		return "", &missingError{"type:runtime.moduledata"}
	}
	if err := j.stub.add(moduledata.name, moduledata); err != nil {
		return "", err
	}
	for len(j.refs) > 0 || len(j.queue) > 0 {
		refs := j.refs
		j.refs = nil
		for _, r := range refs {
			if err := j.provide(r); err != nil {
				return "", err
			}
		}
		queue := j.queue
		j.queue = nil
		for _, path := range queue {
			if err := j.include(path); err != nil {
				return "", err
			}
		}
	}
	library := filepath.Join(work, libraryName)
	script := fmt.Sprintf("INPUT(%s)\n", l.object())
	return j.config(library, runtime), errors.Join(
		os.WriteFile(library, j.stub.bytes(), 0o644),
		os.WriteFile(filepath.Join(work, "lib"+libraryName+".so"), []byte(script), 0o644),
	)
}

// A job is the preparation of one plugin.
type job struct {
	l      *Linker
	in     Input
	work   string
	stub   *stub
	refs   []ref
	own    map[string]*archive // packages that go into the plugin
	strict bool                // all that is referred to is needed
	queue  []string            // those of them that have not been included yet
}

// lookup finds a symbol in what is loaded.
func (j *job) lookup(name string) (symbol, bool) {
	name = mangle(name)
	if s, ok := j.l.host.lookup(name); ok {
		return s, true
	}
	for _, im := range j.in.Loaded {
		if s, ok := im.lookup(name); ok {
			return s, true
		}
	}
	return symbol{}, false
}

// loaded tells whether a package has been loaded.
func (j *job) loaded(path string) bool {
	_, ok := j.lookup("go:link.pkghash." + path)
	return ok
}

// config writes where the linker finds packages.
func (j *job) config(library, runtime string) string {
	var b strings.Builder
	for path := range j.in.Packages {
		if j.loaded(path) && path != runtimePath && j.own[path] == nil {
			fmt.Fprintf(&b, "packageshlib %s=%s\n", path, library)
		}
	}
	for path := range j.own {
		fmt.Fprintf(&b, "packagefile %s=%s\n", path, j.copied(path))
	}
	fmt.Fprintf(&b, "packagefile %s=%s\n", runtimePath, runtime)
	return b.String()
}

// copied is where the changed archive of a package is.
func (j *job) copied(path string) string {
	return filepath.Join(j.work, "own-"+strings.ReplaceAll(path, "/", "-")+".a")
}

// include has a package go into the plugin.
func (j *job) include(path string) error {
	for _, m := range j.own[path].members[1:] {
		if m.object == nil {
			return fmt.Errorf("thin: package %s is not only Go", path)
		}
	}
	return j.change(j.in.Packages[path], j.copied(path))
}

// find tells what a symbol of a package is, by its index. A package of which nothing loaded has the symbol goes into
// the plugin.
func (j *job) find(pkg string, index uint32) (ref, error) {
	if pkg == "" {
		if index >= uint32(len(j.l.builtins)) {
			return ref{}, errors.New("thin: a call of an unknown function of the runtime")
		}
		return j.l.builtins[index], nil
	}
	a, err := j.l.archives.read(j.in.Packages[pkg])
	if err != nil {
		return ref{}, err
	}
	for _, m := range a.members {
		if m.object == nil {
			continue
		}
		r, err := m.object.define(index)
		if err != nil {
			return ref{}, err
		}
		// What else is missing is not needed, or the linker says so.
		_, has := j.lookup(r.name)
		if !has && j.own[pkg] == nil && pkg != runtimePath && (j.strict || !j.loaded(pkg)) {
			j.own[pkg] = a
			j.queue = append(j.queue, pkg)
		}
		return r, nil
	}
	return ref{}, errFormat
}

// runtimePath is the one package of which something goes into every plugin.
const runtimePath = "runtime"

// register is the function that makes a loaded plugin known to the runtime. The linker calls it, and an executable
// does not have it.
const register = "runtime.addmoduledata"

// First is the name of a function that has to be the first of a plugin, for package runtime takes the first name in the
// table of functions for none. The linker keeps it if it is named as the entry.
const First = "Runtime.asminit"

// runtime writes an archive of the package runtime with that function, in assembly, and nothing else that has a name
// the runtime's functions have.
func (j *job) runtime(file string) (string, error) {
	a, err := j.l.archives.read(file)
	if err != nil {
		return "", err
	}
	for i, m := range a.members {
		if i == 0 || m.object == nil {
			continue
		}
		names, err := m.object.assembly()
		if err != nil {
			return "", err
		}
		if !slices.Contains(names, register) {
			continue
		}
		own := *m.object
		if err := own.hide(register); err != nil {
			return "", err
		}
		m.object = &own
		only := &archive{members: []member{a.members[0], m}}
		j.refs = append(j.refs, ref{"runtime.lastmoduledatap", abi0})
		to := filepath.Join(j.work, "runtime.a")
		return to, os.WriteFile(to, only.bytes(), 0o644)
	}
	return "", &missingError{register}
}

// change gives an archive references by name and notes them.
func (j *job) change(file, to string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	a, err := parseArchive(b)
	if err != nil {
		return err
	}
	for i := range a.members {
		o := a.members[i].object
		if o == nil {
			continue
		}
		refs, err := o.byName(j.find)
		if err != nil {
			return err
		}
		j.refs = append(j.refs, refs...)
	}
	return os.WriteFile(to, a.bytes(), 0o644)
}

// provide adds to the library what a plugin refers to. What nobody has, the linker knows itself, or says so.
func (j *job) provide(r ref) error {
	if r.abi == abiInternal {
		sym, ok := j.lookup(r.name)
		switch {
		case !ok:
			return j.missing(r.name)
		case sym.typ != elf.STT_FUNC:
			return fmt.Errorf("thin: %s is not a function", r.name)
		case strings.HasPrefix(r.name, "type:"):
			return j.stub.add(sym.name, sym)
		}
		if _, both := j.lookup(r.name + ".abi0"); !both {
			path := packageOf(r.name)
			if only, err := j.l.archives.assembly(j.in.Packages[path], r.name); err != nil || only {
				return errors.Join(err, &missingError{r.name}) // only with the other calling convention
			}
		}
		return j.stub.add(sym.name+internalSuffix, sym)
	}
	for _, name := range []string{r.name + ".abi0", r.name} {
		if sym, ok := j.lookup(name); ok {
			return j.stub.add(sym.name, sym)
		}
	}
	return j.missing(r.name)
}

// missing has the package of a cell, or of a module, go into the plugin of which nothing loaded has a symbol. Of other packages, and of
// the plugin's own, the linker says what is missing.
func (j *job) missing(name string) error {
	for _, path := range slices.Concat(j.in.Cells, j.in.Own) {
		if j.own[path] != nil || !strings.Contains(name, path) {
			continue
		}
		a, err := j.l.archives.read(j.in.Packages[path])
		if err != nil {
			return err
		}
		j.own[path] = a
		j.queue = append(j.queue, path)
	}
	return nil
}

// packageOf returns the import path in the name of a function.
func packageOf(name string) string {
	slash := strings.LastIndexByte(name, '/')
	if dot := strings.IndexByte(name[slash+1:], '.'); dot >= 0 {
		return name[:slash+1+dot]
	}
	return name
}

// archives are the archives of packages that have been looked at. Their files stay mapped.
type archives struct {
	mu    sync.Mutex
	files map[string]*archive
	maps  [][]byte
}

// read returns the archive in a file, which must not be changed.
func (a *archives) read(file string) (*archive, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ar, ok := a.files[file]; ok {
		return ar, nil
	}
	b, err := mapFile(file)
	if err != nil {
		return nil, err
	}
	a.maps = append(a.maps, b)
	ar, err := parseArchive(b)
	if err != nil {
		return nil, err
	}
	if a.files == nil {
		a.files = map[string]*archive{}
	}
	a.files[file] = ar
	return ar, nil
}

// close unmaps the files.
func (a *archives) close() error {
	var err error
	for _, b := range a.maps {
		err = errors.Join(err, syscall.Munmap(b))
	}
	return err
}

// assembly tells whether the package in a file defines a function in assembly, for the convention abi0.
func (a *archives) assembly(file, name string) (bool, error) {
	if file == "" {
		return false, nil
	}
	ar, err := a.read(file)
	if err != nil {
		return false, err
	}
	for _, m := range ar.members {
		if m.object == nil {
			continue
		}
		names, err := m.object.assembly()
		if err != nil || slices.Contains(names, name) {
			return err == nil, err
		}
	}
	return false, nil
}

// Finish gives the references of a linked plugin the names that the symbols have, in place.
func Finish(b []byte) error {
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return err
	}
	syms, strs := f.SectionByType(elf.SHT_DYNSYM), f.Section(".dynstr")
	if syms == nil || strs == nil {
		return errors.New("thin: a plugin without symbols")
	}
	text := b[strs.Offset : strs.Offset+strs.FileSize]
	table := b[syms.Offset : syms.Offset+syms.FileSize]
	for ; len(table) >= elfSymSize; table = table[elfSymSize:] {
		at := binary.LittleEndian.Uint32(table)
		if int(at) >= len(text) {
			return errFormat
		}
		end := bytes.IndexByte(text[at:], 0)
		if end < 0 {
			return errFormat
		}
		if name := text[at : int(at)+end]; bytes.HasSuffix(name, []byte(internalSuffix)) {
			clear(name[len(name)-len(internalSuffix):])
		}
	}
	return nil
}
