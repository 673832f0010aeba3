namespace Gain.Connections;

/// <summary>One letter: what, and to which connection.</summary>
internal readonly record struct Mail(MailKind Kind, int Slot, uint Generation);
