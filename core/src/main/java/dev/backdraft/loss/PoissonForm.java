package dev.backdraft.loss;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an output z says about the rate λ of a {@link Poisson} count. */
public enum PoissonForm {
    /** z = log λ: any output is a rate. */
    @JsonProperty("log-rate")
    LOG_RATE,

    /** z = λ: the network must end in something positive, such as softplus or exp. */
    @JsonProperty("rate")
    RATE
}
