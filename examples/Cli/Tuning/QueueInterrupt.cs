namespace Gain.Cli.Tuning;

/// <summary>An interrupt that a queue raises.</summary>
/// <param name="Number">Its number, as in /proc/irq.</param>
/// <param name="Name">What the driver calls it.</param>
/// <param name="Queue">The number of the queue.</param>
internal sealed record QueueInterrupt(int Number, string Name, int Queue);
