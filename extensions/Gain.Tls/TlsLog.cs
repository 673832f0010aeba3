using Microsoft.Extensions.Logging;

namespace Gain.Tls;

/// <summary>What is logged here; the engine logs what becomes of connections.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(
        101,
        LogLevel.Information,
        "{Files} has changed: new connections get the certificate of {Subject}, valid until {Until:u}.")]
    public static partial void Reloaded(ILogger logger, string files, string subject, DateTime until);

    [LoggerMessage(
        102, LogLevel.Error, "{Files} has changed, and the certificate before stays in use: {Reason}")]
    public static partial void Refused(ILogger logger, string files, string reason);

    [LoggerMessage(
        103, LogLevel.Error, "Certificates that have changed are not in use: {Reason}")]
    public static partial void NotApplied(ILogger logger, string reason);
}
