/** What a request would become and what destinations would be sent, with nothing kept or sent. */
@NullMarked
package io.surveygateway.trial;

import org.jspecify.annotations.NullMarked;
