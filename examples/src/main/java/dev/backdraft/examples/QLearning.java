package dev.backdraft.examples;

import dev.backdraft.activation.Tanh;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Learning to act: a cart on a short track is pushed left, right or not at all, and must come to rest in the middle as soon as
 * possible. Nobody tells it how; each step costs 1, and a network learns what the rest of the way will cost.
 *
 * <p>The track has positions −4 … 4 and speeds −2 … 2, a bumper at both ends takes the speed away: 45 states, so that the best
 * policy can be computed exactly (value iteration) and compared with what was learned.
 *
 * <p>Q-learning (Watkins 1989) with a network as Q: {@code θ ← θ + α ∂Q(s, a)/∂θ [r + γ maxₐ' Q(s', a') − Q(s, a)]}, the
 * semi-gradient rule of Sutton and Barto 2018, eq. 9.7 and section 6.5. The network has an input for each state (position and speed as
 * two numbers also work, but leave a few states a step too long) and gives Q of the three actions; ∂Q/∂θ is the gradient of one output. With probability ε a random action is tried. No replay, no second network.
 */
public final class QLearning {
    static final int ACTIONS = 3; // push left, none, right
    private static final int END = 4; // positions −END … END
    private static final int FASTEST = 2;
    private static final int POSITIONS = 2 * END + 1;
    private static final int SPEEDS = 2 * FASTEST + 1;
    static final int STATES = POSITIONS * SPEEDS;
    private static final int GOAL = state(0, 0);
    private static final double DISCOUNT = 0.9;
    private static final double SCALE = 0.1; // a step costs this much, so that values stay within −1 … 0
    private static final int LONGEST = 60; // steps of an episode
    private static final int MEASURED = 25; // episodes between two measurements
    private static final long EPISODES = 0x657069736f646573L; // the purpose of the random streams

    private final Network network;
    private final float[] theta;
    private final float[] gradient;
    private final Backpropagation backpropagation;
    private final Matrix input = Matrix.zeros(STATES, 1);
    private final Matrix chosen = Matrix.zeros(ACTIONS, 1);

    /** An untrained Q. */
    QLearning(int hidden, long seed) {
        network = Network.perceptron(new Tanh(), STATES, hidden, ACTIONS);
        theta = network.initialParameters(seed);
        gradient = new float[theta.length];
        backpropagation = new Backpropagation(network, new SquaredError(), 1);
    }

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--episodes", defaultValue = "3000", description = "walks to learn from")
        @AtLeast(1)
        int episodes;

        @Option(names = "--alpha", defaultValue = "0.3", description = "learning rate")
        @Positive
        double alpha;

        @Option(names = "--epsilon", defaultValue = "0.5", description = "share of random steps")
        @Positive
        double epsilon;

        @Option(names = "--hidden", defaultValue = "32", description = "hidden units")
        @AtLeast(1)
        int hidden;

        @Option(names = "--seed", defaultValue = "1", description = "seed of the initial weights and the walks")
        @AtLeast(0)
        int seed;

        @Option(names = "--out", defaultValue = "q-learning.svg", description = "the picture to write")
        Path out;
    }

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), QLearning::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        int episodes = options.episodes;
        int seed = options.seed;
        QLearning learner = new QLearning(options.hidden, seed);
        double shortest = meanSteps(shortest());
        int points = episodes / MEASURED + 1;
        double[] at = new double[points];
        double[] mean = new double[points];
        out.println("episodes  steps from all states  shortest  states with a best action");
        for (int point = 0; point < points; point++) {
            if (point > 0) {
                learner.learn((point - 1) * MEASURED, MEASURED, options.alpha, options.epsilon, seed);
            }
            int[] steps = learner.steps();
            at[point] = point * MEASURED;
            mean[point] = meanSteps(steps);
            if (point % Math.max(1, points / 10) == 0 || point == points - 1) {
                out.printf(
                        Locale.ROOT,
                        "%8d %22.3f %9.3f %18d of %d%n",
                        point * MEASURED,
                        mean[point],
                        shortest,
                        learner.bestActions(),
                        STATES - 1);
            }
        }
        out.println("the policy: < push left, . none, > push right, * the goal; rows are speeds, columns positions");
        out.print(learner.policyText());
        Chart chart = new Chart(
                        "Q-learning: steps to the goal",
                        Axis.linear("episodes"),
                        Axis.logarithmic("mean over all states, at most " + LONGEST + " each"))
                .line("learned policy", at, mean)
                .dashed("shortest", new double[] {0, episodes}, new double[] {shortest, shortest});
        out.println("picture: " + Chart.write(options.out, chart));
    }

    private static int state(int position, int speed) {
        return (position + END) * SPEEDS + speed + FASTEST;
    }

    private static int position(int state) {
        return state / SPEEDS - END;
    }

    private static int speed(int state) {
        return state % SPEEDS - FASTEST;
    }

    /** The state after a push: the speed changes by action − 1, the position by the new speed. */
    static int next(int state, int action) {
        int speed = Math.max(-FASTEST, Math.min(FASTEST, speed(state) + action - 1));
        int position = position(state) + speed;
        return Math.abs(position) > END ? state(Integer.signum(position) * END, 0) : state(position, speed);
    }

    /** Plays episodes from random states and learns from each step. Episode e draws from a stream of its own. */
    void learn(int first, int episodes, double alpha, double epsilon, long seed) {
        for (int episode = first; episode < first + episodes; episode++) {
            SplitMix random = SplitMix.at(seed, EPISODES, episode, 0);
            int state = random.nextInt(STATES);
            for (int step = 0; step < LONGEST && state != GOAL; step++) {
                int action = random.nextDouble() < epsilon ? random.nextInt(ACTIONS) : greedy(state);
                int next = next(state, action);
                update(state, action, next, alpha);
                state = next;
            }
        }
    }

    /** θ ← θ + α ∂Q(s, a)/∂θ [target − Q(s, a)]. */
    private void update(int state, int action, int next, double alpha) {
        double target = -SCALE + (next == GOAL ? 0 : DISCOUNT * q(next, greedy(next)));
        Arrays.fill(gradient, 0);
        Arrays.fill(chosen.values(), 0);
        chosen.set(action, 0, 1); // the gradient of this output alone
        Matrix q = backpropagation.addOutputGradient(theta, see(state), chosen, gradient, null);
        double error = target - q.get(action, 0);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += (float) (alpha * error * gradient[i]);
        }
    }

    /** 1 at the input of this state, 0 at the others. */
    private Matrix see(int state) {
        Arrays.fill(input.values(), 0);
        input.set(state, 0, 1);
        return input;
    }

    /** Q(s, a) as the network has it. */
    double q(int state, int action) {
        return backpropagation.forward(theta, see(state)).get(action, 0);
    }

    /** The action of the largest Q. */
    private int greedy(int state) {
        Matrix q = backpropagation.forward(theta, see(state));
        int best = 0;
        for (int action = 1; action < ACTIONS; action++) {
            best = q.get(action, 0) > q.get(best, 0) ? action : best;
        }
        return best;
    }

    /** Steps of the greedy policy from each state to the goal, at most {@value #LONGEST}. */
    int[] steps() {
        int[] steps = new int[STATES];
        for (int start = 0; start < STATES; start++) {
            for (int state = start; state != GOAL && steps[start] < LONGEST; steps[start]++) {
                state = next(state, greedy(state));
            }
        }
        return steps;
    }

    /** The fewest steps from each state to the goal: value iteration, until nothing changes. */
    static int[] shortest() {
        int[] steps = new int[STATES];
        Arrays.fill(steps, LONGEST);
        steps[GOAL] = 0;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = 0; state < STATES; state++) {
                for (int action = 0; action < ACTIONS; action++) {
                    if (steps[next(state, action)] + 1 < steps[state]) {
                        steps[state] = steps[next(state, action)] + 1;
                        changed = true;
                    }
                }
            }
        }
        return steps;
    }

    /** Number of states, without the goal, in which the greedy action is one of the best. */
    int bestActions() {
        int[] shortest = shortest();
        int count = 0;
        for (int state = 0; state < STATES; state++) {
            count += state != GOAL && shortest[next(state, greedy(state))] == shortest[state] - 1 ? 1 : 0;
        }
        return count;
    }

    private static double meanSteps(int[] steps) {
        return Arrays.stream(steps).sum() / (double) (STATES - 1); // the goal counts nothing
    }

    private String policyText() {
        StringBuilder text = new StringBuilder();
        for (int speed = FASTEST; speed >= -FASTEST; speed--) {
            text.append(String.format(Locale.ROOT, "%3d ", speed));
            for (int position = -END; position <= END; position++) {
                int state = state(position, speed);
                text.append(' ').append(state == GOAL ? '*' : "<.>".charAt(greedy(state)));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }
}
