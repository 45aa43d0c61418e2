// Command generate writes adapters.go: a type for each interface of the standard library that cells may put values of
// their own types into.
package main

import (
	"bytes"
	"compress/flate"
	"container/heap"
	"context"
	"encoding"
	"encoding/json"
	"expvar"
	"flag"
	"fmt"
	"go/format"
	"hash"
	"image"
	"image/color"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"math/rand"
	"net"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency"
)

// interfaces are the interface types. One that has more methods than another may stand for it: see best.
var interfaces = []reflect.Type{
	reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[fmt.GoStringer](), reflect.TypeFor[fmt.State](), reflect.TypeFor[fmt.Scanner](),
	reflect.TypeFor[fmt.ScanState](),
	reflect.TypeFor[io.Reader](), reflect.TypeFor[io.Writer](), reflect.TypeFor[io.Closer](), reflect.TypeFor[io.Seeker](),
	reflect.TypeFor[io.ReadWriter](), reflect.TypeFor[io.ReadCloser](), reflect.TypeFor[io.WriteCloser](), reflect.TypeFor[io.ReadWriteCloser](),
	reflect.TypeFor[io.ReadSeeker](), reflect.TypeFor[io.WriteSeeker](), reflect.TypeFor[io.ReadWriteSeeker](), reflect.TypeFor[io.ReadSeekCloser](),
	reflect.TypeFor[io.ReaderAt](), reflect.TypeFor[io.WriterAt](), reflect.TypeFor[io.WriterTo](), reflect.TypeFor[io.ReaderFrom](),
	reflect.TypeFor[io.ByteReader](), reflect.TypeFor[io.ByteScanner](), reflect.TypeFor[io.ByteWriter](), reflect.TypeFor[io.RuneReader](),
	reflect.TypeFor[io.RuneScanner](), reflect.TypeFor[io.StringWriter](), reflect.TypeFor[flate.Reader](),
	reflect.TypeFor[sort.Interface](), reflect.TypeFor[heap.Interface](), reflect.TypeFor[sync.Locker](),
	reflect.TypeFor[context.Context](), reflect.TypeFor[runtime.Error](), reflect.TypeFor[net.Error](),
	reflect.TypeFor[http.Handler](), reflect.TypeFor[http.ResponseWriter](), reflect.TypeFor[http.Flusher](), reflect.TypeFor[http.RoundTripper](),
	reflect.TypeFor[http.FileSystem](), reflect.TypeFor[http.CookieJar](),
	reflect.TypeFor[net.Conn](), reflect.TypeFor[net.Addr](), reflect.TypeFor[net.Listener](),
	reflect.TypeFor[flag.Value](), reflect.TypeFor[flag.Getter](), reflect.TypeFor[expvar.Var](),
	reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler](),
	reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	reflect.TypeFor[encoding.BinaryMarshaler](), reflect.TypeFor[encoding.BinaryUnmarshaler](),
	reflect.TypeFor[slog.Handler](), reflect.TypeFor[slog.LogValuer](), reflect.TypeFor[slog.Leveler](),
	reflect.TypeFor[rand.Source](), reflect.TypeFor[rand.Source64](), reflect.TypeFor[os.Signal](),
	reflect.TypeFor[fs.FS](), reflect.TypeFor[fs.File](), reflect.TypeFor[fs.FileInfo](), reflect.TypeFor[fs.DirEntry](),
	reflect.TypeFor[fs.ReadDirFile](), reflect.TypeFor[fs.ReadDirFS](), reflect.TypeFor[fs.ReadFileFS](), reflect.TypeFor[fs.StatFS](),
	reflect.TypeFor[hash.Hash](), reflect.TypeFor[hash.Hash32](), reflect.TypeFor[hash.Hash64](),
	reflect.TypeFor[readerWriterTo](), reflect.TypeFor[readCloserWriterTo](), reflect.TypeFor[readSeekerAt](),
	reflect.TypeFor[runeScannerReader](), reflect.TypeFor[byteScannerReader](), reflect.TypeFor[stringWriterTo](),
	reflect.TypeFor[byteStringWriter](), reflect.TypeFor[writerReaderFrom](), reflect.TypeFor[flushWriter](),
	reflect.TypeFor[textReader](), reflect.TypeFor[textReadCloser](), reflect.TypeFor[buffer](), reflect.TypeFor[bufferCloser](), reflect.TypeFor[builder](), reflect.TypeFor[boolFlag](),
	reflect.TypeFor[image.Image](), reflect.TypeFor[color.Color](), reflect.TypeFor[color.Model](), reflect.TypeFor[image.PalettedImage](),
	reflect.TypeFor[concurrency.Awaitable](),
}

// What some functions look for beside the methods of the interface they take.
type (
	readerWriterTo interface {
		io.Reader
		io.WriterTo
	}
	readCloserWriterTo interface {
		io.ReadCloser
		io.WriterTo
	}
	readSeekerAt interface {
		io.ReadSeeker
		io.ReaderAt
	}
	runeScannerReader interface {
		io.Reader
		io.RuneScanner
	}
	byteScannerReader interface {
		io.Reader
		io.ByteScanner
	}
	stringWriterTo interface {
		io.Writer
		io.StringWriter
	}
	byteStringWriter interface {
		io.Writer
		io.StringWriter
		io.ByteWriter
	}
	writerReaderFrom interface {
		io.Writer
		io.ReaderFrom
	}
	flushWriter interface {
		http.ResponseWriter
		http.Flusher
	}
	textReader interface { // strings.Reader and bytes.Reader
		io.ReadSeeker
		io.ReaderAt
		io.ByteScanner
		io.RuneScanner
		io.WriterTo
	}
	textReadCloser interface {
		textReader
		io.Closer
	}
	buffer interface { // bytes.Buffer
		io.ReadWriter
		io.ByteScanner
		io.RuneScanner
		io.WriterTo
		io.ReaderFrom
		io.ByteWriter
		io.StringWriter
		WriteRune(rune) (int, error)
		Peek(n int) ([]byte, error)
	}
	bufferCloser interface {
		buffer
		io.Closer
	}
	builder interface { // strings.Builder
		io.Writer
		io.ByteWriter
		io.StringWriter
		WriteRune(rune) (int, error)
	}
	boolFlag interface {
		flag.Value
		IsBoolFlag() bool
	}
)

// errorParts are the method sets of errors that package errors and others look for, beside Error.
var errorParts = [][]string{
	{"", "Unwrap() error", "Unwrap() []error"},
	{"", "Is(target error) bool"},
	{"", "As(target any) bool"},
	{"", "Timeout() bool", "Timeout() bool; Temporary() bool"},
}

func main() {
	var b bytes.Buffer
	imports := map[string]bool{}
	var body bytes.Buffer
	var table bytes.Buffer
	for _, t := range interfaces {
		name := "as" + strings.ReplaceAll(title(strings.TrimPrefix(t.PkgPath(), "github.com/gobraid/gobraid/")), "/", "") + t.Name()
		if t.PkgPath() == "main" {
			name = "as" + title(t.Name())
		}
		fmt.Fprintf(&body, "\ntype %s struct{ V }\n", name)
		for i := range t.NumMethod() {
			method(&body, name, t.Method(i).Name, t.Method(i).Type, imports)
		}
		fmt.Fprintf(&table, "\taddAdapter(func(v V) any { return %s{v} })\n", name)
	}
	errs(&body, &table)
	b.WriteString("// Code generated by internal/generate; DO NOT EDIT.\n\npackage rt\n\nimport (\n")
	var paths []string
	for path := range imports {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		fmt.Fprintf(&b, "\t%q\n", path)
	}
	b.WriteString(")\n\nfunc init() {\n")
	b.Write(table.Bytes())
	b.WriteString("}\n")
	b.Write(body.Bytes())
	text, err := format.Source(b.Bytes())
	if err != nil {
		os.Stderr.Write(b.Bytes())
		log.Fatal(err)
	}
	if err := os.WriteFile("adapters.go", text, 0o644); err != nil {
		log.Fatal(err)
	}
}

func title(path string) string {
	var b strings.Builder
	for _, part := range strings.Split(path, "/") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// method writes one method of an adapter.
func method(b *bytes.Buffer, typ, name string, t reflect.Type, imports map[string]bool) {
	if name == "Format" {
		return
	}
	var params, results, ptrs []string
	for i := range t.NumIn() {
		p := fmt.Sprintf("p%d", i)
		text := plain(t.In(i).String())
		if t.IsVariadic() && i == t.NumIn()-1 {
			text = "..." + plain(t.In(i).Elem().String())
		}
		params = append(params, p+" "+text)
		ptrs = append(ptrs, "&"+p)
		need(t.In(i), imports)
	}
	for i := range t.NumOut() {
		r := fmt.Sprintf("r%d", i)
		results = append(results, r+" "+plain(t.Out(i).String()))
		ptrs = append(ptrs, "&"+r)
		need(t.Out(i), imports)
	}
	write(b, typ, name, params, results, ptrs)
}

// plain writes the basic types as vet wants them in the well-known methods.
func plain(text string) string {
	return basic.ReplaceAllStringFunc(text, func(s string) string {
		if s == "uint8" {
			return "byte"
		}
		return "rune"
	})
}

var basic = regexp.MustCompile(`\b(uint8|int32)\b`)

func write(b *bytes.Buffer, typ, name string, params, results, ptrs []string) {
	fmt.Fprintf(b, "func (a %s) %s(%s) (%s) {\n\tInvoke(a.V, %q, %d", typ, name, strings.Join(params, ", "), strings.Join(results, ", "), name, len(params))
	for _, p := range ptrs {
		fmt.Fprintf(b, ", %s", p)
	}
	b.WriteString(")\n\treturn\n}\n")
}

// need notes the packages that the text of t mentions.
func need(t reflect.Type, imports map[string]bool) {
	if t.PkgPath() != "" {
		imports[t.PkgPath()] = true
		return
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		need(t.Elem(), imports)
	case reflect.Map:
		need(t.Key(), imports)
		need(t.Elem(), imports)
	case reflect.Func:
		for i := range t.NumIn() {
			need(t.In(i), imports)
		}
		for i := range t.NumOut() {
			need(t.Out(i), imports)
		}
	}
}

// errs writes the adapters of errors.
func errs(b, table *bytes.Buffer) {
	n := 0
	for u, unwrap := range errorParts[0] {
		for i, is := range errorParts[1] {
			for a, as := range errorParts[2] {
				for d, timeout := range errorParts[3] {
					name := fmt.Sprintf("asError%d", n)
					n++
					fmt.Fprintf(b, "\ntype %s struct{ V }\n", name)
					for _, part := range []string{"Error() string", unwrap, is, as, timeout} {
						for _, m := range strings.Split(part, "; ") {
							errorMethod(b, name, m)
						}
					}
					fmt.Fprintf(table, "\terrorAdapters[[4]int{%d, %d, %d, %d}] = func(v V) error { return %s{v} }\n", u, i, a, d, name)
				}
			}
		}
	}
}

func errorMethod(b *bytes.Buffer, typ, m string) {
	if m == "" {
		return
	}
	name, rest, _ := strings.Cut(m, "(")
	param, result, _ := strings.Cut(rest, ") ")
	var params, ptrs []string
	if param != "" {
		params, ptrs = []string{param}, []string{"&target"}
	}
	write(b, typ, name, params, []string{"r " + result}, append(ptrs, "&r"))
}
