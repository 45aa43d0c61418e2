// Package svg writes the pictures of gobraid: static SVG without scripts, links or fonts of its own.
//
// A picture must look right in a notebook, on a dark page, in a mail, in grey on paper and after a sanitiser has taken
// its style away. So each shape carries the colour of a light page as an attribute, and the style only
// changes it where the page is dark; the picture has a background of its own, so that neither page shows
// through. What colours tell, patterns and heights tell as well. Text goes through [Text], which leaves nothing
// that XML forbids.
//
// Equal calls give equal bytes. Names of patterns are made from the content, so that several pictures can stand in one page.
package svg
