namespace Gain.Sockets;

/// <summary>Sockets that systemd has opened and passed to the process (sd_listen_fds(3)).</summary>
internal sealed class SystemdAddress : ServerAddress
{
    private const string Prefix = "systemd:";
    private const string AcceptedForms =
        "Accepted are systemd:name for the sockets with that FileDescriptorName= and systemd: for all";

    // What systemd itself takes for a FileDescriptorName=.
    private const int MaxNameLength = 255;

    private readonly PassedDescriptors _passed;

    internal SystemdAddress(string? name, PassedDescriptors passed)
    {
        Name = name;
        _passed = passed;
    }

    /// <summary>The sockets' name; null for all that were passed.</summary>
    internal string? Name { get; }

    /// <summary>Reads <c>systemd:</c> and <c>systemd:name</c>.</summary>
    internal static new SystemdAddress Parse(string address)
    {
        string name = address[Prefix.Length..];
        if (name.StartsWith("//", StringComparison.Ordinal))
        {
            throw Invalid(address, $"the name comes right behind the colon, as in {Prefix}{name[2..]}");
        }
        if (name.Length > MaxNameLength || name.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ':'))
        {
            throw Invalid(
                address,
                $"a FileDescriptorName= has at most {MaxNameLength} ASCII characters, and neither colons nor "
                + "control characters");
        }

        return new SystemdAddress(name.Length == 0 ? null : name, PassedDescriptors.OfProcess);
    }

    internal override bool MayHaveDatagrams => true;

    internal override ListenerSet Open(int workers, GainOptions options) =>
        ActivatedListeners.Open(this, _passed, workers, options.Sockets);

    /// <summary>The canonical form, which parses to an equal address.</summary>
    public override string ToString() => Prefix + Name;

    private static GainException Invalid(string address, string fault) =>
        new(GainError.AddressInvalid, $"Cannot listen on \"{address}\": {fault}. {AcceptedForms}.");
}
