package commands

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/notebooks/pack"
)

func packCommand() *cobra.Command {
	opts := pack.Options{Version: Version}
	var out string
	c := &cobra.Command{
		Use:   "pack NOTEBOOK.ipynb",
		Short: "Put a notebook and what it needs into one archive, for `gobraid run ARCHIVE` elsewhere",
		Long: "Put a notebook, its run record, the data it reads and the go.mod and go.sum of the modules it imports into one archive, which\n" +
			"`gobraid run ARCHIVE` runs on another machine. Data is what the notebook's metadata list under gobraid.data, what --data names, and\n" +
			"what the cells mention: a string that is the name of a file or folder below the notebook's folder, //go:embed, pictures.\n" +
			"With --vendor the packages of modules go in as well, so that nothing is fetched there. All files are listed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				out = strings.TrimSuffix(args[0], filepath.Ext(args[0])) + string(pack.TarGz)
			}
			kind, ok := pack.KindOf(out)
			if !ok {
				return fmt.Errorf("%s: an archive is a .tar.gz or a .zip", out)
			}
			opts.Keep = out
			m, err := pack.Collect(cmd.Context(), args[0], opts)
			if err != nil {
				return err
			}
			file, err := renameio.NewPendingFile(out, renameio.WithPermissions(0o644))
			if err != nil {
				return err
			}
			defer file.Cleanup()
			if err := m.Write(file, kind); err != nil {
				return err
			}
			if err := file.CloseAtomicallyReplace(); err != nil {
				return err
			}
			tell(cmd, m, out)
			return nil
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "write the archive to this file, .tar.gz or .zip; default: NOTEBOOK.tar.gz")
	c.Flags().StringArrayVar(&opts.Data, "data", nil, "a file, folder or pattern below the notebook's folder that goes in as well; may be given several times")
	c.Flags().BoolVar(&opts.Vendor, "vendor", false, "put the packages of modules in, so that nothing is fetched")
	return c
}

// tell lists what is in an archive; packages only by their number.
func tell(cmd *cobra.Command, m *pack.Manifest, out string) {
	w := cmd.OutOrStdout()
	packages := 0
	for _, f := range m.Files {
		switch {
		case f.Role == pack.RolePackage || f.Role == pack.RoleVendor:
			packages++
		case f.Why != "":
			fmt.Fprintf(w, "%9d  %s (%s)\n", f.Size, f.Path, f.Why)
		default:
			fmt.Fprintf(w, "%9d  %s\n", f.Size, f.Path)
		}
	}
	if packages > 0 {
		fmt.Fprintf(w, "           and %d files of packages\n", packages)
	}
	for _, warning := range m.Warnings {
		fmt.Fprintln(os.Stderr, "gobraid:", warning)
	}
	fmt.Fprintf(w, "%s\n%s\n", out, m.Digest())
}

// unpacking are the flags of run for an archive.
type unpacking struct{ into, digest string }

func (u *unpacking) add(c *cobra.Command) {
	c.Flags().StringVar(&u.into, "into", "", "of an archive: unpack it into this folder and keep it; default: a temporary one")
	c.Flags().StringVar(&u.digest, "digest", "", "of an archive: run it only if it is the one with this digest, as `gobraid pack` prints it")
}

// notebook returns the notebook to run: what is given, or what is in the archive that is given. done takes away what is temporary.
func (u *unpacking) notebook(given string) (path string, done func(), err error) {
	if _, ok := pack.KindOf(given); !ok {
		if u.into != "" || u.digest != "" {
			return "", nil, fmt.Errorf("%s is no archive: --into and --digest are for those that `gobraid pack` makes", given)
		}
		return given, func() {}, nil
	}
	dir, done := u.into, func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "gobraid-run-"); err != nil {
			return "", nil, err
		}
		done = func() { os.RemoveAll(dir) }
	}
	m, err := pack.Extract(given, dir, u.digest)
	if err != nil {
		done()
		return "", nil, err
	}
	return filepath.Join(dir, filepath.FromSlash(m.Notebook)), done, nil
}
