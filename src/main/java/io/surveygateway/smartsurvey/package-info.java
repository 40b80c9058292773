/** What only SmartSurvey needs: responses that it never told of, by its API v2. */
@NullMarked
package io.surveygateway.smartsurvey;

import org.jspecify.annotations.NullMarked;
