namespace Gain.Connections;

/// <summary>What another thread wants of a connection.</summary>
internal enum MailKind : byte
{
    Close = 1,
    Abort = 2,
}
