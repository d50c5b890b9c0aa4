// Answers, from the state as it stands. Changes nothing.
#pragma once

#include "domain/question.hpp"
#include "venue/state.hpp"

namespace tradehive::venue {

[[nodiscard]] Answer answer(const State& state, const Question& question);

} // namespace tradehive::venue
