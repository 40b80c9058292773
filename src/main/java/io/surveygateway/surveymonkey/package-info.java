/** What only SurveyMonkey needs: reading a response by its API. */
@NullMarked
package io.surveygateway.surveymonkey;

import org.jspecify.annotations.NullMarked;
