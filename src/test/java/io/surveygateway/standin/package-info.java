/** The other sides, stood in for at the wire: Slack, Salesforce and the API of SurveyMonkey. */
@NullMarked
package io.surveygateway.standin;

import org.jspecify.annotations.NullMarked;
