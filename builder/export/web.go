package export

import (
	"sopan.dev/sopan/internal/diag"
)

// web is a course as pages alone: for iGOT and other Sunbird platforms, a web
// server or a USB stick. Its checks are the upload rules of iGOT.
func web() Format {
	return Format{
		Name: "web", Title: "web pages (iGOT, Sunbird, any server)", Profile: "web",
		Pack:  func(Input) (map[string][]byte, diag.List, error) { return nil, nil, nil },
		Judge: judgeUpload,
		Checked: []string{
			"index.html at the root", "names", "no eval", "nothing from other hosts", "no frames", "pictures under 1 MB", "size", "course details",
		},
	}
}
