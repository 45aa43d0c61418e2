package compiled

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp/engine/compiled/thin"
)

// A thinLinker links plugins that hold only what is their own; see package thin.
type thinLinker struct {
	*thin.Linker

	mu     sync.Mutex
	images map[string]*thin.Image // of the packages of cells that later ones have referred to; mu guards it
	whole  map[string]bool        // the packages whose plugins hold all they import; mu guards it
}

// pluginsVariable is the environment variable that has plugins hold all they import, if it is "whole".
const pluginsVariable = "GOBRAID_PLUGINS"

// openThin prepares for thin plugins. Without, plugins hold all they import.
func (b *builder) openThin(ctx context.Context) {
	if os.Getenv(pluginsVariable) == "whole" {
		return
	}
	l, err := thin.New(ctx, b.hold.Dir(), b.tool.CC, filepath.Join(b.tool.ToolDir, "..", "..", ".."))
	if err == nil {
		b.thin = &thinLinker{Linker: l, images: map[string]*thin.Image{}, whole: map[string]bool{}}
	}
}

// closeThin gives up what is open.
func (b *builder) closeThin() error {
	if b.thin == nil {
		return nil
	}
	err := b.thin.Close()
	for _, im := range b.thin.images {
		err = errors.Join(err, im.Close())
	}
	return err
}

// name is the name of the files of a package, without the dot. A thin plugin fits only the executable it was linked for.
func (b *builder) name(path string) string {
	name := strings.TrimPrefix(path, pathPrefix)
	if b.isThin(path) {
		name += "-" + b.thin.ID()
	}
	return name
}

// isThin tells whether the plugin of a package is thin, or is to be.
func (b *builder) isThin(path string) bool {
	if b.thin == nil {
		return false
	}
	b.thin.mu.Lock()
	defer b.thin.mu.Unlock()
	return !b.thin.whole[path]
}

// setWhole notes that the plugin of a package cannot be thin.
func (b *builder) setWhole(path string) {
	b.thin.mu.Lock()
	defer b.thin.mu.Unlock()
	b.thin.whole[path] = true
}

// makeThin compiles a cell and links a plugin that holds only what is its own, or says why that is not possible.
func (b *builder) makeThin(ctx context.Context, work, path, out, config string) error {
	if err := b.compile(ctx, work, path, "-linkshared"); err != nil {
		return err
	}
	in := thin.Input{Archives: []string{filepath.Join(work, ownArchive), filepath.Join(work, "main.a")}, Packages: map[string]string{}}
	for p, file := range b.pkgs.Files {
		in.Packages[p] = file
	}
	loaded, err := b.bundleImages(path, in.Packages)
	if err != nil {
		return err
	}
	in.Loaded = loaded
	b.mu.Lock()
	needs := b.needs[path]
	b.mu.Unlock()
	for _, cell := range needs {
		im, err := b.image(cell)
		if err != nil {
			return err
		}
		in.Loaded, in.Cells = append(in.Loaded, im), append(in.Cells, cell)
		in.Packages[cell] = b.held(cell, ".a")
	}
	return b.linkThin(ctx, work, path, out, config, in)
}

// linkThin links a plugin that holds only what is its own.
func (b *builder) linkThin(ctx context.Context, work, path, out, config string, in thin.Input) error {
	dir := filepath.Join(work, "thin")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	lines, err := b.thin.Prepare(dir, in)
	if err != nil {
		return err
	}
	cfg := filepath.Join(dir, "importcfg")
	if err := os.WriteFile(cfg, []byte(config+"\n"+lines), 0o644); err != nil {
		return err
	}
	if err := b.link(ctx, dir, path, out, cfg, "-linkshared", "-r", "", "-E", thin.First); err != nil {
		return err
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if err := thin.Finish(text); err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o755)
}

// image returns the loaded plugin of the package of an earlier cell.
func (b *builder) image(cell string) (*thin.Image, error) {
	file := b.held(cell, ".so")
	b.thin.mu.Lock()
	defer b.thin.mu.Unlock()
	if im := b.thin.images[cell]; im != nil {
		return im, nil
	}
	im, err := thin.Open(file)
	if err == nil {
		b.thin.images[cell] = im
	}
	return im, err
}
