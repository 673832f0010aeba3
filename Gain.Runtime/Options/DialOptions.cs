using System.Net;

namespace Gain;

/// <summary>How a protocol's outgoing connections are made.</summary>
public sealed class DialOptions
{
    private static readonly TimeSpan s_maxConnectTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a connect may take before it fails with <see cref="ConnectFailureReason.TimedOut"/>: 1 ms to
    /// 10 minutes. Default: 10 s. What was written meanwhile waits for it, and so does whoever wants an
    /// answer: the longer it is, the more of that a host costs that does not answer. Shorter than 1 s it
    /// gives up on hosts whose first SYN was lost, which the kernel repeats after a second.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The address of this machine that connections come from, of the targets' family. Default: null, for
    /// what routing says. The port is chosen by the connect (IP_BIND_ADDRESS_NO_PORT in ip(7)), so that one
    /// port serves connections to several targets.
    /// </summary>
    public IPAddress? LocalAddress { get; set; }

    /// <summary>
    /// The options of the sockets. Default: null, for <c>GainOptions.Sockets</c>. What is for listeners alone
    /// has no effect.
    /// </summary>
    public SocketSettings? Sockets { get; set; }

    /// <summary>A copy whose values are right.</summary>
    /// <exception cref="GainException">One is not; the message says which, and what it may be.</exception>
    internal DialOptions Validated()
    {
        if (ConnectTimeout < TimeSpan.FromMilliseconds(1) || ConnectTimeout > s_maxConnectTimeout)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.ConnectTimeout is {ConnectTimeout}, but must be a time from 1 ms to "
                + $"{s_maxConnectTimeout}: a connect without a limit holds its place for minutes.");
        }

        return new DialOptions
        {
            ConnectTimeout = ConnectTimeout,
            LocalAddress = LocalAddress,
            Sockets = Sockets?.Validated("DialOptions.Sockets"),
        };
    }
}
