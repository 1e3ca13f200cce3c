// Go's goroutines: what a task costs. The same measurements as in asio.cpp, on one processor.
package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func nsPer(start time.Time, count int) float64 {
	return float64(time.Since(start).Nanoseconds()) / float64(count)
}

func statusBytes(name string) float64 {
	text, _ := os.ReadFile("/proc/self/status")
	found := regexp.MustCompile(name + `:\s+(\d+)`).FindSubmatch(text)
	number, _ := strconv.ParseFloat(string(found[1]), 64)
	return number * 1024
}

func spawnNs(count int) float64 {
	var all sync.WaitGroup
	start := time.Now()
	for i := 0; i < count; i += 100 {
		all.Add(100)
		for j := 0; j < 100; j++ {
			go all.Done()
		}
		all.Wait()
	}
	return nsPer(start, count)
}

func switchNs(count int) float64 {
	var all sync.WaitGroup
	all.Add(100)
	takeTurns := func() {
		for i := 0; i < count/100; i++ {
			runtime.Gosched()
		}
		all.Done()
	}
	start := time.Now()
	for i := 0; i < 100; i++ {
		go takeTurns()
	}
	all.Wait()
	return nsPer(start, count)
}

func sleepers(count int) {
	before, start := statusBytes("VmRSS"), time.Now()
	var all sync.WaitGroup
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			time.Sleep(time.Second)
			all.Done()
		}()
	}
	all.Wait()
	seconds := time.Since(start).Seconds()
	fmt.Printf("sleep_s=%f sleep_bytes=%f\n", seconds, (statusBytes("VmHWM")-before)/float64(count))
}

func main() {
	runtime.GOMAXPROCS(1)
	count, _ := strconv.Atoi(os.Args[len(os.Args)-1])
	if os.Args[1] == "--sleepers" {
		sleepers(count)
		return
	}
	fmt.Printf("spawn_ns=%f switch_ns=%f\n", spawnNs(count/10), switchNs(count))
}
