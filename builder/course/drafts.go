package course

import (
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// dropDraftAssets leaves out the files that only drafts point at: a draft's
// pictures, films and downloads are as unpublished as its words. What stands
// in static is copied as it is.
func (l *loader) dropDraftAssets(drafts []*Version) {
	gone := map[string]bool{}
	for _, v := range drafts {
		for _, m := range v.mentions {
			d, problem := l.site.Resolve(v, m.Dest)
			if problem != nil || d.Asset == nil || d.Asset.used || !strings.HasPrefix(d.Asset.File, contentRoot+"/") {
				continue
			}
			gone[d.Asset.File] = true
			for _, track := range l.site.Tracks(d.Asset) {
				gone[track.Asset.File] = gone[track.Asset.File] || path.Ext(d.Asset.File) != ".vtt" && !track.Asset.used
			}
		}
	}
	for _, a := range l.site.Assets {
		if gone[a.File] {
			delete(l.site.assets, a.File)
		}
	}
	l.site.Assets = slices.DeleteFunc(l.site.Assets, func(a *Asset) bool { return gone[a.File] })
	l.diags = slices.DeleteFunc(l.diags, func(d diag.Diagnostic) bool { return gone[d.Start.File] })
}
