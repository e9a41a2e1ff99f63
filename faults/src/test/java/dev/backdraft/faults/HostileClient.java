package dev.backdraft.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Opens connections to a port of this machine, and sends what nobody should. Frames are those of Spark's network layer:
 * their length as a long, a type, and for one-way messages the length of the body as an integer.
 */
final class HostileClient implements AutoCloseable {
    private static final int HEADER = 13;
    private static final byte ONE_WAY = 9;
    private static final int TYPES = 14; // of Spark's messages, and some that there are not
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int SHORT_MILLIS = 20;

    private final int port;
    private final boolean authenticated;
    private final Random random;
    private final List<byte[]> recorded;
    private final List<Socket> open = new ArrayList<>();

    /**
     * @param recorded what others have sent to the driver in an earlier session, or in this one if it is authenticated
     * @param authenticated whether connections have to be authenticated
     */
    HostileClient(int port, long seed, List<byte[]> recorded, boolean authenticated) {
        this.port = port;
        this.authenticated = authenticated;
        this.recorded = recorded;
        random = new Random(seed);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private byte[] garbage(int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer frame(long length, byte type, byte[] rest) {
        return ByteBuffer.allocate(9 + rest.length)
                .putLong(length)
                .put(type)
                .put(rest)
                .rewind();
    }

    private static byte[] oneWay(byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .putLong(HEADER + body.length)
                .put(ONE_WAY)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** The first message of a worker, with a token that is not the session's. */
    private static byte[] hello() {
        byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(20 + token.length + 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(10)
                .putInt(token.length)
                .put(token)
                .putInt(1)
                .put((byte) '0')
                .putInt(0)
                .putInt(0)
                .array();
    }

    /** A message of a worker that has joined, without the first one. */
    private byte[] later() {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1 + random.nextInt(33))
                .putInt(random.nextInt(3))
                .putLong(random.nextInt(10))
                .array();
    }

    /** Makes one connection, of one of ten kinds in turn. */
    void attack(int number) throws IOException {
        switch (number % 10) {
            case 0 -> send(garbage(4000));
            case 1 ->
                send(frame(Integer.MAX_VALUE - random.nextInt(1000), ONE_WAY, garbage(2000))
                        .array());
            case 2 ->
                send(frame(random.nextLong(), (byte) random.nextInt(TYPES), garbage(100))
                        .array());
            case 3 -> open.add(connect()); // and says nothing
            case 4 -> half(oneWay(hello()));
            case 5 -> refused(oneWay(hello()));
            case 6 -> refused(oneWay(later()));
            case 7 ->
                send(frame(9 + 40, (byte) random.nextInt(TYPES), garbage(40)).array());
            case 8 -> refused(replay());
            default -> { // a body that is longer than it says, or shorter
                byte[] body = later();
                byte[] message = oneWay(body);
                ByteBuffer.wrap(message).putInt(9, random.nextInt());
                send(message);
            }
        }
    }

    private byte[] replay() {
        return recorded.isEmpty() ? oneWay(hello()) : recorded.get(random.nextInt(recorded.size()));
    }

    private void send(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            return; // closed by the other end in the middle of it
        }
    }

    /** Sends part of a frame and keeps the connection. */
    private void half(byte[] frame) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(frame, 0, 1 + random.nextInt(frame.length - 1));
        open.add(socket);
    }

    /**
     * Sends what a worker sends that is accepted. The other end has to close the connection without an answer. With
     * authentication, Spark answers what belongs to that, and ignores the rest; a worker that is accepted would be told
     * where in /proc shared memory is.
     */
    private void refused(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(authenticated ? SHORT_MILLIS : PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                for (int next = in.read(); next >= 0; next = in.read()) {
                    answer.write(next);
                }
            } catch (SocketTimeoutException e) {
                if (!authenticated) {
                    throw new IllegalStateException("port " + port + " has not closed the connection", e);
                }
            }
            boolean accepted = answer.toString(StandardCharsets.ISO_8859_1).contains("/proc/");
            if (accepted || (answer.size() > 0 && !authenticated)) {
                throw new IllegalStateException("port " + port + " has accepted a worker: " + answer);
            }
        } catch (SocketException e) {
            return; // closed by the other end in the middle of it
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }
}
