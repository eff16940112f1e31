package quiz

import "reflect"

// AnswerTypes are the types that stand behind a question's answer, so that who
// remembers a Quiz can write it down.
func AnswerTypes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[trueFalseAnswer](),
		reflect.TypeFor[choiceAnswer](),
		reflect.TypeFor[textAnswer](),
		reflect.TypeFor[numberAnswer](),
		reflect.TypeFor[*matchAnswer](),
		reflect.TypeFor[*sortAnswer](),
		reflect.TypeFor[orderAnswer](),
		reflect.TypeFor[fillAnswer](),
		reflect.TypeFor[writeAnswer](),
		reflect.TypeFor[doAnswer](),
		reflect.TypeFor[rateAnswer](),
		reflect.TypeFor[caseAnswer](),
	}
}
