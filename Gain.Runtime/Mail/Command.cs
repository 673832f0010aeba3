using Gain.Slots;

namespace Gain.Mail;

/// <summary>One letter: what, and to which connection.</summary>
internal readonly record struct Command(CommandKind Kind, int Slot, uint Generation);
