/** What only SurveyMonkey needs: its API within a budget of calls, its webhooks, its gaps. */
@NullMarked
package io.surveygateway.surveymonkey;

import org.jspecify.annotations.NullMarked;
