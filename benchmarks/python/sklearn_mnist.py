"""scikit-learn: seconds of training to 97 % of MNIST's test pictures. Each request is a fit with a seed of its own."""

import time
import warnings

import mnist
import rows
from sklearn.neural_network import MLPClassifier


class Watched(MLPClassifier):
    """The overridden method is scikit-learn's own, called once after each epoch."""

    def watch(self, watch, x, y):
        self.watcher, self.x_test, self.y_test = watch, x, y
        self.since = time.perf_counter()

    def _update_no_improvement_count(self, *_):  # newer versions pass more
        seconds = time.perf_counter() - self.since
        if self.watcher.epoch(seconds, self.score(self.x_test, self.y_test)):
            raise KeyboardInterrupt  # how a fit is ended: scikit-learn catches it
        self.since = time.perf_counter()


def main():
    warnings.filterwarnings("ignore", "Training interrupted")
    options = rows.arguments("threads", data=str)
    x, y = mnist.read(options.data, "train")
    x_test, y_test = mnist.read(options.data, "t10k")
    seed = 0
    while (request := rows.next_request()) is not None:
        seed += 1
        watch = mnist.Watch(options.figure, request[1])
        model = Watched(
            hidden_layer_sizes=options.layers[1:-1],
            activation="relu",
            solver="adam",
            learning_rate_init=0.001,
            alpha=0.0,
            batch_size=options.batch,
            max_iter=1_000_000,
            random_state=seed,
        )
        model.watch(watch, x_test, y_test)
        model.fit(x, y)
        watch.answer()


if __name__ == "__main__":
    main()
