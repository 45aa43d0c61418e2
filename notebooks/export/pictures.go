package export

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// pictureTypes are the kinds of pictures that browsers show, best first.
var pictureTypes = []string{"image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"}

// pictureAddress makes an address that holds a picture: an SVG as text, the others as notebooks hold them, in base64.
func pictureAddress(kind, data string) string {
	if kind == "image/svg+xml" {
		data = base64.StdEncoding.EncodeToString([]byte(data))
	}
	return "data:" + kind + ";base64," + strings.Join(strings.Fields(data), "")
}

// picture makes an address of a picture that a browser shows.
func picture(kind, data string) (string, error) {
	if kind != "image/svg+xml" {
		if _, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data), "")); err != nil {
			return "", fmt.Errorf("a picture of type %s is not in base64: %w", kind, err)
		}
		return pictureAddress(kind, data), nil
	}
	i := strings.Index(data, "<svg")
	if i < 0 {
		return "", errors.New("a picture of type image/svg+xml is no SVG")
	}
	if data = data[i:]; !strings.Contains(data, "http://www.w3.org/2000/svg") {
		data = `<svg xmlns="http://www.w3.org/2000/svg"` + data[len("<svg"):]
	}
	d := xml.NewDecoder(strings.NewReader(data))
	d.Entity = xml.HTMLEntity // only to see whether it is whole: a browser is stricter with names, and shows the text then
	for {
		if _, err := d.Token(); err == io.EOF {
			return pictureAddress(kind, data), nil
		} else if err != nil {
			return "", fmt.Errorf("an SVG is broken: %w", err)
		}
	}
}

// svgWords are the title and the description of an SVG.
func svgWords(svg string) string {
	part := func(name string) string {
		_, rest, ok := strings.Cut(svg, "<"+name)
		if !ok {
			return ""
		}
		_, rest, _ = strings.Cut(rest, ">")
		rest, _, _ = strings.Cut(rest, "</"+name)
		var s string
		if xml.Unmarshal([]byte("<x>"+rest+"</x>"), &s) != nil {
			return ""
		}
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(part("title") + "\n" + part("desc"))
}

// beside makes an address that holds a picture of the notebook's folder.
func (m *maker) beside(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	name := path.Clean(u.Path)
	switch {
	case u.Scheme != "" || u.Host != "":
		return "", errors.New("it is elsewhere, and nothing is fetched")
	case m.opts.Dir == "":
		return "", errors.New("the notebook's folder is not known")
	case !filepath.IsLocal(name):
		return "", errors.New("it is not in the notebook's folder")
	}
	root, err := os.OpenRoot(m.opts.Dir) // follows no link out of it
	if err != nil {
		return "", err
	}
	defer root.Close()
	b, err := root.ReadFile(name)
	if err != nil {
		return "", err
	}
	kind, _, _ := mime.ParseMediaType(http.DetectContentType(b))
	if strings.EqualFold(path.Ext(name), ".svg") {
		return picture("image/svg+xml", string(b))
	}
	for _, t := range pictureTypes {
		if t == kind {
			return pictureAddress(kind, base64.StdEncoding.EncodeToString(b)), nil
		}
	}
	return "", errors.New("it is no picture that browsers show")
}
