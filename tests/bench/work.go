// work.go - the work of work.c, in Go: the peer of each row, in the same minute.
//
// usage: work ROW [N]       see work_command.c
package main

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	batch = 1000
	items = 128
	cases = 4
	fan   = 10
)

func both(f func()) {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}

func yields(n int) {
	both(func() {
		for i := 0; i < n/2; i++ {
			runtime.Gosched()
		}
	})
}

func spawn(n int) {
	var wg sync.WaitGroup
	for i := 0; i < n; i += batch {
		wg.Add(batch)
		for k := 0; k < batch; k++ {
			go wg.Done()
		}
		wg.Wait()
	}
}

func pingpong(n int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			back <- <-there
		}
	}()
	for i := 0; i < n; i++ {
		there <- 1
		<-back
	}
}

func buffered(pairs, n int) {
	c := make(chan int, items)
	var wg sync.WaitGroup
	wg.Add(2 * pairs)
	for i := 0; i < pairs; i++ {
		go func() {
			for i := 0; i < n/pairs; i++ {
				c <- 1
			}
			wg.Done()
		}()
		go func() {
			for i := 0; i < n/pairs; i++ {
				<-c
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func take(c *[cases]chan int) {
	select {
	case <-c[0]:
	case <-c[1]:
	case <-c[2]:
	case <-c[3]:
	}
}

func selects(n int) {
	var c [cases]chan int
	for i := range c {
		c[i] = make(chan int, 1)
	}
	for i := 0; i < n; i++ {
		c[i%cases] <- 1
		take(&c)
	}
}

func selectSwitch(n int) {
	var c [cases]chan int
	for i := range c {
		c[i] = make(chan int)
	}
	go func() {
		for i := 0; i < n; i++ {
			c[i%cases] <- 1
		}
	}()
	for i := 0; i < n; i++ {
		take(&c)
	}
}

var mutex sync.Mutex
var counted int

func count(n int) {
	for i := 0; i < n; i++ {
		mutex.Lock()
		counted++
		mutex.Unlock()
	}
}

func mutex8(n int) {
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() { count(n / 8); wg.Done() }()
	}
	wg.Wait()
}

func sieve(n int) {
	var enough atomic.Bool
	c := make(chan int)
	go func(c chan int) {
		for i := 2; !enough.Load(); i++ {
			c <- i
		}
		close(c)
	}(c)
	for i := 0; i < n; i++ {
		out := make(chan int)
		go func(in, out chan int, prime int) {
			for i := range in {
				if i%prime != 0 {
					out <- i
				}
			}
			close(out)
		}(c, out, <-c)
		c = out
	}
	enough.Store(true)
	for range c {
	}
}

func node(sum chan int, first, leaves int) {
	if leaves == 1 {
		sum <- first
		return
	}
	below := make(chan int)
	for i := 0; i < fan; i++ {
		go node(below, first+i*(leaves/fan), leaves/fan)
	}
	all := 0
	for i := 0; i < fan; i++ {
		all += <-below
	}
	sum <- all
}

func skynet(n int) {
	sum := make(chan int)
	go node(sum, 0, n)
	if <-sum != n*(n-1)/2 {
		panic("wrong sum")
	}
}

// The process's memory, in bytes.
func resident() int {
	var pages, size int
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	fmt.Sscan(string(text), &size, &pages)
	return pages * os.Getpagesize()
}

// whenAll: what is done while all wait.
func parked(n int, whenAll func()) {
	var ready, ended sync.WaitGroup
	start := make(chan int)
	ready.Add(n)
	ended.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			ready.Done()
			<-start
			ended.Done()
		}()
	}
	ready.Wait()
	whenAll()
	close(start)
	ended.Wait()
}

func timers(n int) {
	var wg sync.WaitGroup
	all := make([]*time.Timer, n)
	for i := range all {
		all[i] = time.AfterFunc(time.Hour+time.Duration(i), wg.Done)
	}
	wg.Add(n - n/2)
	for i, t := range all {
		if i%2 == 1 {
			t.Stop()
		} else {
			t.Reset(0)
		}
	}
	wg.Wait()
}

func answer(c net.Conn) {
	b := make([]byte, 1)
	for {
		if _, err := c.Read(b); err != nil {
			break
		}
		if _, err := c.Write(b); err != nil {
			break
		}
	}
	c.Close()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func sockets(n int) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() {
		for i := 0; i < n/2; i++ {
			c, err := listener.Accept()
			must(err)
			go answer(c)
		}
	}()
	var come [2]sync.WaitGroup
	var ended sync.WaitGroup
	come[0].Add(n / 2)
	come[1].Add(n / 2)
	ended.Add(n / 2)
	for i := 0; i < n/2; i++ {
		go func() {
			c, err := net.Dial("tcp", listener.Addr().String())
			must(err)
			b := make([]byte, 1)
			for k := range come {
				come[k].Done()
				come[k].Wait()
				_, err = c.Write(b)
				must(err)
				_, err = c.Read(b)
				must(err)
			}
			c.Close()
			ended.Done()
		}()
	}
	ended.Wait()
	listener.Close()
}

type row struct {
	work func(int)
	n    int
	per  int // what is divided by: 0: n, else this
}

var rows = map[string]row{
	"yield":         {yields, 20000000, 0},
	"spawn":         {spawn, 4000000, 0},
	"pingpong":      {pingpong, 4000000, 0},
	"buffered":      {func(n int) { buffered(1, n) }, 20000000, 0},
	"buffered4":     {func(n int) { buffered(4, n) }, 20000000, 0},
	"select":        {selects, 5000000, 0},
	"select_switch": {selectSwitch, 4000000, 0},
	"mutex":         {count, 50000000, 0},
	"mutex8":        {mutex8, 20000000, 0},
	"sieve":         {sieve, 2000, 1},
	"skynet":        {skynet, 1000000, 1},
	"parked":        {func(n int) { parked(n, func() {}) }, 100000, 0},
	"timers":        {timers, 100000, 0},
	"sockets":       {sockets, 10000, 0},
}

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, "usage: work ROW [N]")
		os.Exit(2)
	}
	n := 0
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	if os.Args[1] == "resident" {
		if n == 0 {
			n = 100000
		}
		before := resident()
		parked(n, func() { fmt.Println((resident() - before) / n) })
		return
	}
	r, known := rows[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "usage: work ROW [N]")
		os.Exit(2)
	}
	if n == 0 {
		n = r.n
	}
	begin := time.Now()
	r.work(n)
	ns := float64(time.Since(begin).Nanoseconds())
	per := r.per
	if per == 0 {
		per = n
	}
	fmt.Printf("%.2f\n", ns/float64(per))
}
