using Gain.Sockets;

namespace Gain;

/// <summary>
/// The options of a connection's socket: <see cref="Connection.Socket"/>. Each member is a system call.
/// Like the connection it is valid until the callback returns, on the worker's thread alone. When the kernel
/// refuses a value, a <see cref="GainException"/> names the option, the value and the way out. If the
/// callback does not catch it, it closes the connection, as any exception of a callback does.
/// </summary>
/// <remarks>
/// Options for all connections cost less in <see cref="GainOptions.Sockets"/>. Methods set the options,
/// because C# refuses to set a property of a struct that a property returns (CS1612).
/// </remarks>
public readonly ref struct ConnectionSocket
{
    private const int MillisecondsPerSecond = 1_000;

    internal ConnectionSocket(int descriptor) => Descriptor = descriptor;

    /// <summary>The socket's descriptor, as in <see cref="Connection.Descriptor"/>.</summary>
    [AllocationFree]
    public int Descriptor { get; }

    /// <summary>TCP_NODELAY: whether small writes leave at once.</summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public bool NoDelay => SocketOption.NoDelay.Get(Descriptor) != 0;

    /// <summary>SO_KEEPALIVE: whether the kernel probes a peer that is silent.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public bool KeepAlive => SocketOption.KeepAlive.Get(Descriptor) != 0;

    /// <summary>TCP_KEEPIDLE: how long the peer can be silent before the first keep-alive probe, in whole
    /// seconds.</summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public TimeSpan KeepAliveIdle => Seconds(SocketOption.KeepAliveIdle);

    /// <summary>TCP_KEEPINTVL: the time between keep-alive probes, in whole seconds.</summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public TimeSpan KeepAliveInterval => Seconds(SocketOption.KeepAliveInterval);

    /// <summary>TCP_KEEPCNT: the unanswered keep-alive probes before the connection is reset.</summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public int KeepAliveCount => SocketOption.KeepAliveCount.Get(Descriptor);

    /// <summary>Whether closing resets the connection: SO_LINGER is on, with no time.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public bool ResetOnClose
    {
        get
        {
            int result = SocketOptions.GetLinger(Descriptor, out bool isOn, out int seconds);
            return result == 0
                ? isOn && seconds == 0
                : throw SocketOption.Linger.Refused("read SO_LINGER", Descriptor, -result);
        }
    }

    /// <summary>
    /// SO_RCVBUF: the receive buffer in bytes, as the kernel counts them: twice what was asked for.
    /// </summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public int ReceiveBufferBytes => SocketOption.ReceiveBuffer.Get(Descriptor);

    /// <summary>
    /// SO_SNDBUF: the send buffer in bytes, as the kernel counts them: twice what was asked for.
    /// </summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public int SendBufferBytes => SocketOption.SendBuffer.Get(Descriptor);

    /// <summary>
    /// TCP_QUICKACK: whether what arrives is acknowledged at once. The kernel changes it by itself.
    /// </summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public bool QuickAck => SocketOption.QuickAck.Get(Descriptor) != 0;

    /// <summary>
    /// TCP_USER_TIMEOUT: how long what was sent may stay unacknowledged; zero for the system's default.
    /// </summary>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public TimeSpan UserTimeout => TimeSpan.FromMilliseconds(SocketOption.UserTimeout.Get(Descriptor));

    /// <summary>SO_MARK: what routing rules and packet filters know the packets by; 0 for no mark.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public uint Mark => (uint)SocketOption.Mark.Get(Descriptor);

    /// <summary>
    /// SO_INCOMING_CPU: the CPU on which the connection's last packet was handled; -1 when that is not known.
    /// </summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public int IncomingCpu => SocketOption.IncomingCpu.Get(Descriptor);

    /// <summary>Sets <see cref="NoDelay"/>.</summary>
    /// <param name="on">Whether small writes leave at once.</param>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public void SetNoDelay(bool on) => SocketOption.NoDelay.Set(Descriptor, on ? 1 : 0);

    /// <summary>Sets <see cref="KeepAlive"/>, with the times as they are.</summary>
    /// <param name="on">Whether a silent peer is probed.</param>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public void SetKeepAlive(bool on) => SocketOption.KeepAlive.Set(Descriptor, on ? 1 : 0);

    /// <summary>Switches <see cref="KeepAlive"/> on with these times.</summary>
    /// <param name="idle">The silence before the first probe: whole seconds, 1 to 32,767.</param>
    /// <param name="interval">The time between probes: whole seconds, 1 to 32,767.</param>
    /// <param name="count">The unanswered probes before the reset: 1 to 127.</param>
    /// <exception cref="GainException">It is not a TCP socket, or a value is out of range.</exception>
    [AllocationFree]
    public void SetKeepAlive(TimeSpan idle, TimeSpan interval, int count)
    {
        SocketOption.KeepAliveIdle.Set(Descriptor, WholeSeconds(idle));
        SocketOption.KeepAliveInterval.Set(Descriptor, WholeSeconds(interval));
        SocketOption.KeepAliveCount.Set(Descriptor, count);
        SocketOption.KeepAlive.Set(Descriptor, 1);
    }

    /// <summary>
    /// Sets <see cref="ResetOnClose"/>: what the kernel has not sent at the close is then lost. A time in
    /// SO_LINGER cannot be set, because close(2) would block the worker for that time; <see
    /// cref="TimeoutOptions.Linger"/> waits without blocking it.
    /// </summary>
    /// <param name="on">Whether closing resets the connection.</param>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public void SetResetOnClose(bool on)
    {
        int result = SocketOptions.SetLinger(Descriptor, on);
        if (result < 0)
        {
            throw SocketOption.Linger.Refused("set SO_LINGER", Descriptor, -result);
        }
    }

    /// <summary>Sets <see cref="ReceiveBufferBytes"/>, which reads twice as much afterwards.</summary>
    /// <param name="bytes">At least 1. The kernel holds it within 2,304 and net.core.rmem_max.</param>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public void SetReceiveBufferBytes(int bytes) => SetBuffer(SocketOption.ReceiveBuffer, bytes);

    /// <summary>Sets <see cref="SendBufferBytes"/>, which reads twice as much afterwards.</summary>
    /// <param name="bytes">At least 1. The kernel holds it within 4,608 and net.core.wmem_max.</param>
    /// <exception cref="GainException">The kernel refused.</exception>
    [AllocationFree]
    public void SetSendBufferBytes(int bytes) => SetBuffer(SocketOption.SendBuffer, bytes);

    /// <summary>Sets <see cref="QuickAck"/>, until the kernel thinks otherwise.</summary>
    /// <param name="on">Whether what arrives is acknowledged at once.</param>
    /// <exception cref="GainException">It is not a TCP socket.</exception>
    [AllocationFree]
    public void SetQuickAck(bool on) => SocketOption.QuickAck.Set(Descriptor, on ? 1 : 0);

    /// <summary>Sets <see cref="UserTimeout"/>.</summary>
    /// <param name="time">0, for the system's default, to 24 days; rounded up to milliseconds.</param>
    /// <exception cref="GainException">It is not a TCP socket, or the time is out of range.</exception>
    [AllocationFree]
    public void SetUserTimeout(TimeSpan time)
    {
        double milliseconds = Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds is < 0 or > int.MaxValue)
        {
            throw OutOfRange(SocketOption.UserTimeout, $"{time}", "a time from 0 to 24 days");
        }

        SocketOption.UserTimeout.Set(Descriptor, (int)milliseconds);
    }

    /// <summary>Sets <see cref="Mark"/>.</summary>
    /// <param name="mark">The mark.</param>
    /// <exception cref="GainException">The process lacks CAP_NET_ADMIN and CAP_NET_RAW.</exception>
    [AllocationFree]
    public void SetMark(uint mark) => SocketOption.Mark.Set(Descriptor, (int)mark);

    /// <summary>Reads an option that is an <see langword="int"/>: getsockopt(2).</summary>
    /// <param name="level">The level, such as 1 for SOL_SOCKET.</param>
    /// <param name="name">The option's number at that level.</param>
    /// <param name="value">Its value; 0 when it was refused.</param>
    /// <param name="errno">0, or the positive errno of the refusal, such as 92 for ENOPROTOOPT.</param>
    /// <returns>Whether it was read.</returns>
    [AllocationFree]
    public bool TryGet(int level, int name, out int value, out int errno) =>
        (errno = -SocketOptions.GetInt(Descriptor, level, name, out value)) == 0;

    /// <summary>Reads an option of any form: getsockopt(2).</summary>
    /// <param name="level">The level, such as 6 for TCP.</param>
    /// <param name="name">The option's number at that level.</param>
    /// <param name="value">Room for the value, as the kernel lays it out.</param>
    /// <param name="written">How many bytes of it were written.</param>
    /// <param name="errno">0, or the positive errno of the refusal, such as 92 for ENOPROTOOPT.</param>
    /// <returns>Whether it was read.</returns>
    [AllocationFree]
    public bool TryGet(int level, int name, Span<byte> value, out int written, out int errno) =>
        (errno = -SocketOptions.GetBytes(Descriptor, level, name, value, out written)) == 0;

    /// <summary>Sets an option that is an <see langword="int"/>: setsockopt(2).</summary>
    /// <param name="level">The level, such as 1 for SOL_SOCKET.</param>
    /// <param name="name">The option's number at that level.</param>
    /// <param name="value">The value.</param>
    /// <param name="errno">0, or the positive errno of the refusal, such as 92 for ENOPROTOOPT.</param>
    /// <returns>Whether it was set.</returns>
    [AllocationFree]
    public bool TrySet(int level, int name, int value, out int errno) =>
        (errno = -SocketOptions.SetInt(Descriptor, level, name, value)) == 0;

    /// <summary>Sets an option of any form: setsockopt(2).</summary>
    /// <param name="level">The level, such as 6 for TCP.</param>
    /// <param name="name">The option's number at that level.</param>
    /// <param name="value">The value, as the kernel lays it out.</param>
    /// <param name="errno">0, or the positive errno of the refusal, such as 92 for ENOPROTOOPT.</param>
    /// <returns>Whether it was set.</returns>
    [AllocationFree]
    public bool TrySet(int level, int name, ReadOnlySpan<byte> value, out int errno) =>
        (errno = -SocketOptions.SetBytes(Descriptor, level, name, value)) == 0;

    private TimeSpan Seconds(SocketOption option) =>
        TimeSpan.FromMilliseconds((long)option.Get(Descriptor) * MillisecondsPerSecond);

    private int WholeSeconds(TimeSpan time) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 && time.TotalSeconds is > 0 and <= short.MaxValue
            ? (int)time.TotalSeconds
            : throw OutOfRange(SocketOption.KeepAlive, $"{time}", "whole seconds, from 1 to 32,767");

    // The kernel would take a negative size for its least.
    private void SetBuffer(SocketOption option, int bytes)
    {
        if (bytes < 1)
        {
            throw OutOfRange(option, $"{bytes}", "at least 1 byte");
        }

        option.Set(Descriptor, bytes);
    }

    private GainException OutOfRange(SocketOption option, string value, string range) => new(
        GainError.OptionInvalid,
        $"Cannot set {option.Text} to {value} on descriptor {Descriptor}: it must be {range}.");
}
