package thin

import (
	"encoding/hex"
	"fmt"
)

// fingerprintSize is the size of what follows the magic of an object file: a hash of what a package exports, which whoever
// imports it is compiled with.
const fingerprintSize = 8

// Fingerprint returns what tells one build of a package from another, of the archive in a file.
func Fingerprint(file string) (string, error) {
	b, err := mapFile(file)
	if err != nil {
		return "", err
	}
	defer unmap(b)
	a, err := parseArchive(b)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	for _, m := range a.members {
		if m.object != nil {
			return hex.EncodeToString(m.object.b[len(magic) : len(magic)+fingerprintSize]), nil
		}
	}
	return "", fmt.Errorf("%s: %w", file, errFormat)
}

// Package returns the same of a package in the image, if it is there.
func (im *Image) Package(path string) (fingerprint string, ok bool) {
	s, ok := im.lookup("go:link.pkghashbytes." + path)
	if !ok {
		return "", false
	}
	b, err := im.data(s.addr, fingerprintSize)
	return hex.EncodeToString(b), err == nil
}
