namespace Gain.Testing.Rings;

/// <summary>What an operation does.</summary>
internal enum TestOperationKind
{
    /// <summary>Accepts connections.</summary>
    Accept,

    /// <summary>Receives bytes, again and again.</summary>
    Receive,

    /// <summary>Sends bytes.</summary>
    Send,

    /// <summary>Waits for the connection's end by an error.</summary>
    HangUp,
}
