using BenchmarkDotNet.Configs;

namespace Gain.Bench.Micro;

/// <summary>Adds the column that says how many frames a second are parsed.</summary>
public sealed class FramesPerSecondConfig : ManualConfig
{
    public FramesPerSecondConfig() => AddColumn(new FramesPerSecondColumn());
}
