/** The private port: who may see and do what. */
@NullMarked
package io.surveygateway.console;

import org.jspecify.annotations.NullMarked;
