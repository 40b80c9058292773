package io.surveygateway.packaged;

import io.surveygateway.demo.SampleRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of a provider, and what it tells.
 *
 * @param told the events in it; one that comes twice stands here twice
 * @param unreadable which items have to be set aside; null stands for the body as a whole
 * @param isForged whether it has to be refused, and nothing kept of it
 */
record Sending(
    SampleRequest request, List<Told> told, List<@Nullable Integer> unreadable, boolean isForged) {}
