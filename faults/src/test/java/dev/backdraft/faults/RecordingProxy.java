package dev.backdraft.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on 127.0.0.2, passes everything on to the same port of 127.0.0.1, and keeps the first bytes that clients
 * send.
 */
final class RecordingProxy implements AutoCloseable {
    static final String HOST = "127.0.0.2";
    private static final Logger LOG = LoggerFactory.getLogger(RecordingProxy.class);
    private static final int KEPT = 1 << 16; // bytes of a connection

    private final ServerSocket server;
    private final List<ByteArrayOutputStream> recorded = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    RecordingProxy() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName(HOST));
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What each connection has sent so far. */
    List<byte[]> recorded() {
        List<byte[]> all = new ArrayList<>();
        recorded.forEach(each -> all.add(each.toByteArray()));
        return all;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                LOG.debug("closed, or nobody listens there yet", e);
            }
        }
    }

    private void connect(Socket client) throws IOException {
        sockets.add(client);
        Socket target = new Socket(InetAddress.getLoopbackAddress(), port());
        sockets.add(target);
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        recorded.add(record);
        start(() -> pass(client, target, record));
        start(() -> pass(target, client, null));
    }

    private static void pass(Socket from, Socket to, ByteArrayOutputStream record) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (record != null && record.size() < KEPT) {
                    record.write(buffer, 0, Math.min(count, KEPT - record.size()));
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            return; // one of the two has closed
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
