package io.surveygateway.surveymonkey;

import java.io.IOException;

/** The API answered more than we are willing to hold; asking again would bring the same. */
final class AnswerTooLargeException extends IOException {

  AnswerTooLargeException(long most) {
    super("Expected at most " + most + " bytes from SurveyMonkey's API, and got more");
  }
}
