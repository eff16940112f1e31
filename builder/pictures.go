package builder

import (
	"sopan.dev/sopan/builder/picture"
	"sopan.dev/sopan/builder/source"
)

// picture gives plans of photographs, each made once: it takes decoding the picture and making every version.
func (b *Builder) picture(tree *source.Tree) func(file string) (picture.Plan, error) {
	return func(file string) (picture.Plan, error) {
		hash, err := tree.Sum(file)
		if err != nil {
			return picture.Plan{}, err
		}
		return keep(b, key{stage: "picture", input: hash}, func() (picture.Plan, error) {
			content, err := tree.Bytes(file)
			if err != nil {
				return picture.Plan{}, err
			}
			return picture.Read(content)
		})
	}
}
