using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>Every message that Gain logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Addresses}: {Workers} on {Ring}.")]
    public static partial void Listening(ILogger logger, string addresses, string workers, string ring);

    [LoggerMessage(25, LogLevel.Information, "Listening on {Addresses} as well, served as {Served} is.")]
    public static partial void ListenerAdded(ILogger logger, string addresses, string served);

    [LoggerMessage(26, LogLevel.Information, "No longer listening on {Addresses}.")]
    public static partial void ListenerEnded(ILogger logger, string addresses);

    [LoggerMessage(
        8,
        LogLevel.Information,
        "Other programs of the same user that set SO_REUSEPORT can share {Addresses}, as the sockets of "
        + "several workers do: nothing there has the kernel refuse them. A second Gain server is refused all "
        + "the same.")]
    public static partial void NotSealed(ILogger logger, string addresses);

    [LoggerMessage(
        24,
        LogLevel.Warning,
        "{Address} belongs to no process that can be seen: of one that was killed, the kernel may free it a "
        + "little later. Trying again for up to {LimitMs} ms.")]
    public static partial void StillHeld(ILogger logger, string address, long limitMs);

    [LoggerMessage(2, LogLevel.Information, "Stopping: what is open has {DrainMs} ms to finish.")]
    public static partial void Stopping(ILogger logger, long drainMs);

    [LoggerMessage(3, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "A callback of {Protocol} threw on worker {Worker}; its connection to {Peer} is closed.")]
    public static partial void HandlerFault(
        ILogger logger, Exception fault, string protocol, int worker, string peer);

    [LoggerMessage(
        22,
        LogLevel.Error,
        "Gain failed on worker {Worker} while it served {Peer} with {Protocol}, and gave that up alone; all "
        + "others go on. This is a defect of Gain: please report it with what follows.")]
    public static partial void EngineFault(
        ILogger logger, Exception fault, int worker, string peer, string protocol);

    [LoggerMessage(
        23,
        LogLevel.Warning,
        "Worker {Worker} has waited {HoldMs} ms for an answer of {Protocol} that nobody sent or released "
        + "(Connection.Hold): its connection waits for it no longer.")]
    public static partial void HoldExpired(ILogger logger, int worker, long holdMs, string protocol);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "Worker {Worker} cannot accept: {Error} ({Meaning}). Clients wait in the listen queue; the next try "
        + "is when a connection closes, or within 100 ms.")]
    public static partial void AcceptFailed(ILogger logger, int worker, string error, string meaning);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Worker {Worker} closed a connection: {Operation} failed with {Error} ({Meaning}).")]
    public static partial void SocketError(
        ILogger logger, int worker, string operation, string error, string meaning);

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "A connection is served with what the kernel has given it: setsockopt failed with {Error} "
        + "({Meaning}).")]
    public static partial void OptionFailed(ILogger logger, string error, string meaning);

    [LoggerMessage(9, LogLevel.Warning, "Worker {Worker} closed a connection: {Reason}")]
    public static partial void OutOfMemory(ILogger logger, int worker, string reason);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "Worker {Worker} was busy with callbacks of {Protocol} for {LastedMs} ms, while its other "
        + "connections waited. Callbacks must not block; give long work to another thread.")]
    public static partial void SlowTurn(ILogger logger, int worker, string protocol, long lastedMs);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "{Thread} has been in callbacks of {Protocol} for {LastedMs} ms and still is, for {Peer}: meanwhile "
        + "its other connections wait. Callbacks must not block; give long work to another thread.")]
    public static partial void StillBusy(
        ILogger logger, string thread, string protocol, long lastedMs, string peer);

    [LoggerMessage(18, LogLevel.Error, "{Reason}")]
    public static partial void Stuck(ILogger logger, string reason);

    [LoggerMessage(
        19, LogLevel.Warning, "A second {Signal}: the process ends without what the stop still waits for.")]
    public static partial void SecondSignal(ILogger logger, string signal);

    [LoggerMessage(
        11,
        LogLevel.Warning,
        "Worker {Worker} did not log {Count} messages like the next: they came too fast.")]
    public static partial void Suppressed(ILogger logger, int worker, long count);

    [LoggerMessage(
        14,
        LogLevel.Warning,
        "The kernel grants {Granted} bytes of {Option} instead of {Asked}: raise {Limit}, or lower "
        + "GainOptions.Sockets.")]
    public static partial void OptionHeld(
        ILogger logger, string option, int asked, int granted, string limit);

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "GainOptions.Sockets.FastOpenQueue has no effect: net.ipv4.tcp_fastopen is {Setting}, and its second "
        + "bit (2) lets servers use it.")]
    public static partial void FastOpenOff(ILogger logger, int setting);

    [LoggerMessage(7, LogLevel.Critical, "Worker {Worker} of {Protocol} failed; the server stops.")]
    public static partial void WorkerFailed(
        ILogger logger, Exception fault, int worker, string protocol);

    [LoggerMessage(
        30,
        LogLevel.Information,
        "Worker {Worker}: {Layer} was not set up: {Reason}. All such connections are counted as "
        + "GainStatistics.FailedHandshakes.")]
    public static partial void HandshakeFailed(ILogger logger, int worker, string layer, string reason);

    [LoggerMessage(
        31,
        LogLevel.Information,
        "Worker {Worker} closed a connection of {Peer}, which has to begin with a PROXY header: {Reason}. "
        + "All such connections are counted as GainStatistics.RejectedProxyHeaders.")]
    public static partial void ProxyHeaderRejected(ILogger logger, int worker, string peer, string reason);

    [LoggerMessage(12, LogLevel.Error, "The Dispose of a per-worker instance threw on worker {Worker}.")]
    public static partial void DisposeFailed(ILogger logger, Exception fault, int worker);

    [LoggerMessage(
        13,
        LogLevel.Warning,
        "io_uring cannot be used, so that the workers run on epoll: {Reason}. {Advice} GainOptions.Ring = "
        + "Epoll asks for epoll without this warning.")]
    public static partial void FellBack(ILogger logger, string reason, string advice);

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "Worker {Worker} could not send a datagram: {Error} ({Text}). The others go on, and all such are "
        + "counted as GainStatistics.DatagramErrors.")]
    public static partial void DatagramFailed(ILogger logger, int worker, string error, string text);

    [LoggerMessage(
        27,
        LogLevel.Warning,
        "Worker {Worker} cannot receive datagrams: {Error} ({Meaning}). The next try is within 100 ms.")]
    public static partial void DatagramReceiveFailed(
        ILogger logger, int worker, string error, string meaning);

    [LoggerMessage(
        21,
        LogLevel.Error,
        "OnDatagram of {Protocol} threw on worker {Worker}; the next datagram is served.")]
    public static partial void DatagramFault(
        ILogger logger, Exception fault, string protocol, int worker);

    [LoggerMessage(
        40,
        LogLevel.Warning,
        "The acceptor cannot accept: {Error} ({Meaning}). Clients wait in the listen queue; the next try is "
        + "within 100 ms.")]
    public static partial void AcceptorFailed(ILogger logger, string error, string meaning);

    [LoggerMessage(41, LogLevel.Critical, "The acceptor failed; the server stops.")]
    public static partial void AcceptorDied(ILogger logger, Exception fault);

    [LoggerMessage(42, LogLevel.Error, "The balancer {Balancer} threw; the connection is refused.")]
    public static partial void BalancerThrew(ILogger logger, Exception fault, string balancer);

    [LoggerMessage(
        43,
        LogLevel.Error,
        "The balancer {Balancer} picked worker {Worker}, but there are only 0 to {Last}; the connection is "
        + "refused.")]
    public static partial void BalancerOutOfRange(ILogger logger, string balancer, int worker, int last);

    [LoggerMessage(
        44,
        LogLevel.Warning,
        "The acceptor did not log {Count} messages like the next: they came too fast.")]
    public static partial void AcceptorSuppressed(ILogger logger, long count);
}
