package io.surveygateway.webhook;

import io.surveygateway.proof.Proof;
import java.util.Optional;

/** A check of one provider's route that is a bean of its own and no kamelet. */
public interface FurtherProof {

  String provider();

  /** Name of the bean, as the route has it. */
  String step();

  /** What it asks for; empty if nothing, as it is set. */
  Optional<Proof> proof();
}
