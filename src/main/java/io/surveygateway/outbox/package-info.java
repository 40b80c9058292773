/** The outbox: component: deliveries that wait for their destination. */
@NullMarked
package io.surveygateway.outbox;

import org.jspecify.annotations.NullMarked;
