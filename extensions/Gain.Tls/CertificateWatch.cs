using Microsoft.Extensions.Logging;

namespace Gain.Tls;

/// <summary>
/// Looks at the files of certificates from time to time, and reads them again when they have changed. It
/// reads their contents: a notification of the kernel's would miss a mounted secret, a network file system
/// and a link that leads elsewhere, each in its own way.
/// </summary>
/// <remarks>
/// Files that have changed are looked at twice, a second apart at most, and are taken when both looks saw
/// the same: a certificate and its key are two files, and come one after the other.
/// </remarks>
internal sealed class CertificateWatch : IDisposable
{
    private static readonly TimeSpan s_secondLook = TimeSpan.FromSeconds(1);

    private readonly LiveContexts _live;
    private readonly TimeSpan _interval;
    private readonly ILogger _logger;
    private readonly Dictionary<TlsCertificate, Seen> _seen = [];
    private readonly Timer _timer;
    private int _isDisposed;

    internal CertificateWatch(LiveContexts live, TimeSpan interval, ILogger logger)
    {
        _live = live;
        _interval = interval;
        _logger = logger;
        _timer = new Timer(static watch => ((CertificateWatch)watch!).Look(), this, Timeout.Infinite, -1);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, 1);
        _timer.Dispose();
    }

    // The timer fires once and is set again at the end: one look at a time.
    private void Look()
    {
        bool mayComeSoon = false;
        var renewed = new List<TlsCertificate>();
        foreach (TlsCertificate certificate in _live.Applied.FileCertificates())
        {
            if (LookAt(certificate, ref mayComeSoon))
            {
                renewed.Add(certificate);
            }
        }

        if (renewed.Count != 0)
        {
            Apply(renewed);
        }

        if (Volatile.Read(ref _isDisposed) == 0)
        {
            TimeSpan wait = mayComeSoon && s_secondLook < _interval ? s_secondLook : _interval;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private bool LookAt(TlsCertificate certificate, ref bool mayComeSoon)
    {
        string hash = CertificateFiles.HashOf(certificate.Files);
        _seen.TryGetValue(certificate, out Seen before);
        _seen[certificate] = before with { Hash = hash };
        if (hash == certificate.Content.FileHash || hash == before.Refused)
        {
            return false;
        }

        if (hash != before.Hash)
        {
            mayComeSoon = true;
            return false;
        }

        try
        {
            certificate.Reload();
            return true;
        }
        catch (TlsException fault)
        {
            _seen[certificate] = new Seen(hash, hash);
            TlsLog.Refused(_logger, string.Join(", ", certificate.Files), fault.Message);
            return false;
        }
        catch (ObjectDisposedException)
        {
            // The user has freed it; the contexts have what they need.
            return false;
        }
    }

    private void Apply(List<TlsCertificate> renewed)
    {
        try
        {
            _live.Apply(options: null);
            foreach (TlsCertificate certificate in renewed)
            {
                TlsLog.Reloaded(
                    _logger, string.Join(", ", certificate.Files), TlsIdentity.Escape(certificate.Subject),
                    certificate.NotAfter);
            }
        }
        catch (Exception fault) when (fault is TlsException or ObjectDisposedException)
        {
            TlsLog.NotApplied(_logger, fault.Message);
        }
    }

    /// <summary>The hash of the last look, and of what was refused, which is said once.</summary>
    private readonly record struct Seen(string? Hash, string? Refused);
}
