package notebooks

import "fmt"

// engine returns the engine that the cell's metadata ask for, under gobraid, engine, and why; "" if they ask for none.
func (c *Cell) engine() (engine, reason string) { return c.own("engine"), c.own("engine_reason") }

// own returns a text of the cell's metadata under gobraid, "" if there is none.
func (c *Cell) own(key string) string {
	own, _ := c.Metadata["gobraid"].(map[string]any)
	s, _ := own[key].(string)
	return s
}

// checkEngines refuses cells that ask for an engine that there is not.
func (nb *Notebook) checkEngines() error {
	for _, c := range nb.Cells {
		switch engine, _ := c.engine(); engine {
		case "", "auto", "yaegi", "compiled":
		default:
			return fmt.Errorf("notebooks: cell %s: its metadata ask for the engine %q: it is auto, yaegi or compiled", c.ID, engine)
		}
	}
	return nil
}
