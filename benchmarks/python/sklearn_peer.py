"""scikit-learn's MLPClassifier. One fit goes on and on; its hook at the end of an epoch takes the time, and waits between requests."""

import time

import rows
import sklearn
from sklearn.neural_network import MLPClassifier


class Stopwatch(MLPClassifier):
    """Takes the time of epochs. The name of the overridden method is scikit-learn's own, called once after each epoch."""

    def start(self, figure, row_count):
        self.figure, self.row_count = figure, row_count
        self.take()

    def take(self):
        request = rows.next_request()
        if request is None:
            raise KeyboardInterrupt  # how a fit is ended: scikit-learn catches it
        self.warmup, self.wanted = request
        self.seconds, self.done = 0.0, 0
        self.since = time.perf_counter()

    def _update_no_improvement_count(self, *_):  # newer versions pass more
        now = time.perf_counter()
        if self.warmup > 0:
            self.warmup -= now - self.since
        else:
            self.seconds += now - self.since
            self.done += self.row_count
            if self.seconds >= self.wanted:
                rows.answer(
                    {self.figure: self.done / self.seconds},
                    {"loss": "%.4f" % self.loss_curve_[-1], "version": sklearn.__version__},
                )
                self.take()
        self.since = time.perf_counter()


def main():
    options = rows.arguments("threads")
    x, y = rows.synthetic(options.rows, options.layers[0], options.layers[-1])
    solver = {"sgd": dict(solver="sgd", momentum=0.0, nesterovs_momentum=False, learning_rate_init=0.01)}
    solver["adam"] = dict(solver="adam", learning_rate_init=0.001)
    model = Stopwatch(
        hidden_layer_sizes=options.layers[1:-1],
        activation="relu",
        alpha=0.0,
        batch_size=min(options.batch, options.rows),
        max_iter=1_000_000,
        **solver[options.optimizer],
    )
    model.start(options.figure, options.rows)
    model.fit(x, y)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
